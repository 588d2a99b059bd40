/**
 * Guards the parser, which is native code: where a text is nested very deeply it would overflow its stack and
 * end the whole process, and no error can be caught. Texts come from models.
 */

/** Brackets open at once. */
const mostOpen = 300;
/** Tokens that may each nest in the one before, brackets included; measured crashes begin at about 3,000. */
const mostDeep = 2000;

/** Words that go on with the statement that a brace seemed to end. */
const goesOn = /^(?:else|catch|finally|instanceof|in|of|as|satisfies|extends|implements)$/;

/**
 * Whether a text may be nested too deeply to be parsed. It counts more than there is: tokens since the last
 * separator at each level of brackets, those in strings and comments too, so that nothing can be hidden.
 */
export function isTooDeep(text: string): boolean {
  /** Tokens of the present statement or element, for each open bracket. */
  const levels: number[] = [0];
  let deep = 0; // the sum of the levels
  let mayEnd = false; // after a closing brace
  const reset = () => {
    deep -= levels[levels.length - 1] ?? 0;
    levels[levels.length - 1] = 0;
  };
  for (const [token] of text.matchAll(/[\w$\u0080-\uffff]+|\S/g)) {
    const isWord = /[\w$\u0080-\uffff]/.test(token);
    if (mayEnd && (isWord ? !goesOn.test(token) : token === "}")) reset();
    mayEnd = token === "}";
    if (token === ";" || token === ",") reset();
    else if (token === ")" || token === "]" || token === "}") {
      if (levels.length > 1) deep -= levels.pop() ?? 0;
    } else {
      levels[levels.length - 1] = (levels[levels.length - 1] ?? 0) + 1;
      deep += 1;
      if (token === "(" || token === "[" || token === "{") levels.push(0);
    }
    if (deep > mostDeep || levels.length > mostOpen) return true;
  }
  return false;
}
