/** Puts another operator, or another word of a pair such as min and max, in the place of one. */
import type { Rng } from "../../core/index.ts";
import { type CodeEdit, pick, setText } from "./code-edit.ts";
import type { CodeToken } from "./code-tokens.ts";
import { isBinary, nextOnLine, previousIndex } from "./token-walk.ts";

/** What an operator may become; a likelier one is there more than once. */
const operators = table(`
  + : - - - * * /
  - : + + + * /
  * : / / / + + - %
  / : * * * % % + -
  // : / / * %
  % : / / *
  ** : *
  < : <= >= >
  <= : < > >=
  > : >= <= <
  >= : > < <=
  == : !=
  != : ==
  === : !==
  !== : ===
  && : ||
  || : &&
  ?? : ||
  += : -= -= *= =
  -= : += += /= =
  *= : /= /= += =
  /= : *= *= -= =
  ++ : --
  -- : ++
  & : | ^
  | : & ^
  ^ : & |
  << : >>
  >> : <<
`);

/** Words that stand anywhere. */
const words = table(`
  and : or
  or : and
  true : false
  false : true
  True : False
  False : True
  TRUE : FALSE
  FALSE : TRUE
  break : continue
  continue : break
`);

/** Words that stand for a function: called, or after a point. */
const functions = table(`
  min : max
  max : min
  minimum : maximum
  maximum : minimum
  argmin : argmax
  argmax : argmin
  floor : ceil round
  ceil : floor round
  round : floor ceil
  sin : cos
  cos : sin
  log : exp
  exp : log
  some : every
  every : some
  any : all
  all : any
  push : unshift
  unshift : push
  pop : shift
  shift : pop
  startsWith : endsWith
  endsWith : startsWith
  startswith : endswith
  endswith : startswith
  indexOf : lastIndexOf
  padStart : padEnd
  padEnd : padStart
  toUpperCase : toLowerCase
  toLowerCase : toUpperCase
  upper : lower
  lower : upper
  lastIndexOf : indexOf
`);

/** Swaps an operator within its class. */
export const operatorEdit: CodeEdit = {
  weight: 6,
  sites(tokens) {
    const sites: number[] = [];
    for (const [index, token] of tokens.entries()) {
      if (alternatives(tokens, index, token) !== undefined) sites.push(index);
    }
    return sites;
  },
  apply(tokens, site, rng: Rng) {
    const token = tokens[site];
    const text = token && pick(rng, alternatives(tokens, site, token) ?? []);
    if (text !== undefined) setText(tokens, site, text);
  },
};

function alternatives(tokens: readonly CodeToken[], index: number, { kind, text }: CodeToken) {
  if (kind === "name") {
    const word = words.get(text);
    if (word !== undefined || !functions.has(text)) return word;
    const isFunction =
      nextOnLine(tokens, index) === "(" || tokens[previousIndex(tokens, index)]?.text === ".";
    return isFunction ? functions.get(text) : undefined;
  }
  const found = kind === "mark" ? operators.get(text) : undefined;
  if (found === undefined || text === "++" || text === "--") return found;
  if (!isBinary(tokens, index)) return undefined;
  return (text === "<" || text === ">") && isTypeBracket(tokens, index) ? undefined : found;
}

/** Whether `<` or `>` seems to stand around types, as in `Map<string, number>`. */
function isTypeBracket(tokens: readonly CodeToken[], index: number): boolean {
  if (tokens[index - 1]?.kind === "space" && tokens[index + 1]?.kind === "space") return false;
  const other = tokens[index]?.text === "<" ? ">" : "<";
  return tokens.some(({ text }) => text.startsWith(other) && text !== `${other}=`);
}

function table(lines: string): ReadonlyMap<string, readonly string[]> {
  const rows = lines.trim().split("\n");
  return new Map(
    rows.map((row) => {
      const [from = "", to = ""] = row.trim().split(" : ");
      return [from, to.split(" ")];
    }),
  );
}
