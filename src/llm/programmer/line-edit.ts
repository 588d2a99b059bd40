/** Drops or repeats a line of code, or swaps it with the next one. */
import type { CodeEdit } from "./code-edit.ts";
import type { CodeToken } from "./code-tokens.ts";
import { depthOf } from "./token-walk.ts";

/** A line with code whose brackets are balanced: its tokens from `from` to before `to`, its line break there. */
interface Line {
  readonly from: number;
  readonly to: number;
  readonly indent: string;
}

/** Edits whole lines; where the number of lines must stay, it only swaps them. */
export const lineEdit: CodeEdit = {
  weight: 2,
  sites(tokens, { keepsLines }) {
    const lines = linesOf(tokens);
    const fitting = keepsLines ? lines.filter((line) => partnerOf(tokens, lines, line) !== undefined) : lines;
    return lines.length < 2 ? [] : fitting.map(({ from }) => from);
  },
  apply(tokens, site, rng, { keepsLines }) {
    const lines = linesOf(tokens);
    const line = lines.find(({ from }) => from === site);
    if (line === undefined) return;
    const next = partnerOf(tokens, lines, line);
    const way = keepsLines ? 1 : rng();
    if (next !== undefined && way >= 0.6) {
      const here = tokens.slice(line.from, line.to);
      tokens.splice(line.from, next.to - line.from, ...tokens.slice(next.from, next.to), lineBreak, ...here);
    } else if (way < 0.35 || way >= 0.8) {
      tokens.splice(line.from, line.to + 1 - line.from);
    } else {
      tokens.splice(line.from, 0, ...tokens.slice(line.from, line.to), lineBreak);
    }
  },
};

const lineBreak: CodeToken = { kind: "space", text: "\n" };

/** The line just below, where it is as far indented. */
function partnerOf(tokens: readonly CodeToken[], lines: readonly Line[], line: Line): Line | undefined {
  const next = lines.find(({ from }) => from === line.to + 1);
  if (next?.indent !== line.indent) return undefined;
  const text = ({ from, to }: Line) =>
    tokens
      .slice(from, to)
      .map((token) => token.text)
      .join("");
  return text(line) === text(next) ? undefined : next;
}

function linesOf(tokens: readonly CodeToken[]): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (let to = 0; to <= tokens.length; to++) {
    if (to < tokens.length && tokens[to]?.text !== "\n") continue;
    const line = tokens.slice(from, to);
    const last = line.findLast(({ kind }) => kind !== "space" && kind !== "fixed");
    if (last !== undefined && last.text !== ":" && isBalanced(line)) {
      lines.push({ from, to, indent: line[0]?.kind === "space" ? line[0].text : "" });
    }
    from = to + 1;
  }
  return lines;
}

function isBalanced(tokens: readonly CodeToken[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    depth += depthOf(token);
    if (depth < 0) return false;
  }
  return depth === 0;
}
