/**
 * Tokens of code in any common language, as the simulated programmer sees them. It guesses from the text
 * alone, so it may take a rare construct for another; joined, the tokens are always exactly the text.
 */

/**
 * `space`: one line break, or white space within a line; `fixed`: a comment, a documentation string or a
 * regular expression, which are left alone; `mark`: an operator, a bracket or any other sign.
 */
export type CodeTokenKind = "space" | "fixed" | "string" | "number" | "name" | "mark";

/** A token and its exact text. */
export interface CodeToken {
  readonly kind: CodeTokenKind;
  readonly text: string;
}

const space = /\n|[^\S\n]+/y;
const block = /\/\*[\s\S]*?(?:\*\/|$)|"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)/y;
const restOfLine = /[^\n]*/y;
const regularExpression = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const string = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`/y;
const number =
  /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)[A-Za-z]?\w*/y;
const name = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const mark =
  />>>=|===|!==|\*\*=|\/\/=|<<=|>>=|>>>|\.\.\.|&&=|\|\|=|\?\?=|=>|->|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|[-+*/%&|^]=|\*\*|\/\/|<<|>>|::|:=|\.\.|[\s\S]/y;

/** What follows a `//` that divides: an operand, and then no prose. */
const divisor = /\/\/=?\s*-?[\w.([]+\s*(?:$|[-+*/%)\],:.<>=#]|(?:and|or|if|else|for|in)\b)/my;

/** Splits a text into tokens. */
export function codeTokens(text: string): CodeToken[] {
  const tokens: CodeToken[] = [];
  let before: CodeToken | undefined; // the last token that is neither space nor fixed
  let isNewLine = true;
  for (let at = 0; at < text.length; ) {
    const token: CodeToken = commentAt(text, at, before, isNewLine) ?? tokenAt(text, at, before);
    tokens.push(token);
    at += token.text.length;
    if (token.kind === "space") {
      isNewLine ||= token.text === "\n";
    } else if (token.kind !== "fixed") {
      before = token;
      isNewLine = false;
    }
  }
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function tokenAt(text: string, at: number, before: CodeToken | undefined): CodeToken {
  const as = (kind: CodeTokenKind, pattern: RegExp) => {
    const found = match(pattern, text, at);
    return found === undefined ? undefined : { kind, text: found };
  };
  const char = text.charAt(at);
  const isNumber = (char >= "0" && char <= "9") || (char === "." && !isOperand(before));
  return (
    as("space", space) ??
    as("name", name) ??
    (isNumber ? as("number", number) : undefined) ??
    (quotes.has(char) && !isLifetime(text, at) ? as("string", string) : undefined) ??
    as("mark", mark) ?? { kind: "mark", text: char }
  );
}

/** Whether a quote begins a name of a lifetime in Rust, as in `&'a str`. */
function isLifetime(text: string, at: number): boolean {
  return text.charAt(at) === "'" && /[&<]/.test(text.charAt(at - 1)) && text.charAt(at + 2) !== "'";
}

const quotes = new Set("\"'`");

/** The comment, documentation string or regular expression that begins here. */
function commentAt(
  text: string,
  at: number,
  before: CodeToken | undefined,
  isNewLine: boolean,
): CodeToken | undefined {
  const char = text.charAt(at);
  let found: string | undefined;
  if (char === "#") {
    found = at === 0 || /\s/.test(text.charAt(at - 1)) ? match(restOfLine, text, at) : undefined;
  } else if (char === "/" && text.charAt(at + 1) === "/") {
    const isDivision = !isNewLine && isOperand(before) && match(divisor, text, at) !== undefined;
    found = isDivision ? undefined : match(restOfLine, text, at);
  } else if (char === "/" || quotes.has(char)) {
    found = match(block, text, at);
    if (char === "/" && !isOperand(before)) found ??= match(regularExpression, text, at);
  }
  return found === undefined ? undefined : { kind: "fixed", text: found };
}

/** Whether an operator after the token takes it as its left side. */
export function isOperand(token: CodeToken | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "mark") return token.text === ")" || token.text === "]";
  return (
    token.kind === "number" ||
    token.kind === "string" ||
    (token.kind === "name" && (!isKeyword(token.text) || constants.has(token.text)))
  );
}

/** Words of common languages that name no value of the program. */
const keywords = new Set(
  `abstract and as assert async await bool boolean break case catch class const constexpr continue def default
  del delete do double elif else enum except export extends extern finally float fn for foreach from func
  function goto if implements import in include instanceof int interface is lambda let loop mut namespace new
  nonlocal not of or pass private protected pub public raise readonly return signed sizeof static struct super
  switch this self throw trait try typedef typeof undefined unsigned using var virtual void volatile where while
  with yield None null nil true false True False TRUE FALSE i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 usize
  isize`.split(/\s+/),
);

/** Values among the keywords. */
const constants = new Set([
  "None",
  "null",
  "nil",
  "undefined",
  "true",
  "false",
  "True",
  "False",
  "this",
  "self",
]);

/** Whether a word belongs to the language and not to the program. */
export function isKeyword(word: string): boolean {
  return keywords.has(word);
}
