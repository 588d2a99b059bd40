/** Splits the library's JavaScript into tokens. It knows the language as far as the library uses it. */

/** What sort of token. */
export type TokenKind = "space" | "string" | "number" | "pattern" | "word" | "operator";

/** A stretch of source text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const shapes: readonly (readonly [TokenKind, RegExp])[] = [
  ["space", /\s+/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ["number", /\d+(?:\.\d+)?/y],
  ["word", /[A-Za-z_$][\w$]*/y],
  ["operator", /===|!==|\.\.\.|\*\*|=>|&&|\|\||<=|>=|\+\+|--|\+=|-=|\*=|\/=|%=|[-+*/%<>=!?:;,.(){}[\]]/y],
];
const pattern = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

/** The tokens of a source text; joined they give it back. Throws a SyntaxError for what it does not know. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let last: Token | undefined; // that is no white space
  for (let at = 0; at < source.length; ) {
    const startsValue = last === undefined || (last.kind === "operator" && !/^[)\]}]$/.test(last.text));
    const shape: readonly (readonly [TokenKind, RegExp])[] = startsValue
      ? [["pattern", pattern], ...shapes]
      : shapes;
    const token = firstMatch(shape, source, at);
    if (token === undefined) throw new SyntaxError(`Unknown token at: ${source.slice(at, at + 20)}`);
    tokens.push(token);
    if (token.kind !== "space") last = token;
    at += token.text.length;
  }
  return tokens;
}

function firstMatch(shape: readonly (readonly [TokenKind, RegExp])[], source: string, at: number) {
  for (const [kind, expression] of shape) {
    expression.lastIndex = at;
    const text = expression.exec(source)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

/** The distinct words of a source text. */
export function identifiersOf(source: string): Set<string> {
  return new Set(
    tokensOf(source)
      .filter(({ kind }) => kind === "word")
      .map(({ text }) => text),
  );
}
