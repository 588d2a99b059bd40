/**
 * What a piece of text leaves open or closes too much, in languages without a parser here: a small scanner
 * of comments, strings and brackets.
 */

interface Style {
  readonly line: readonly string[];
  readonly block: readonly (readonly [string, string])[];
  readonly nests?: boolean;
  /** Strings that may span lines, then those that end with their line at the latest. Longest first. */
  readonly long: readonly string[];
  readonly short: readonly string[];
  /** Whether indentation closes scopes. */
  readonly isIndented?: boolean;
}

const c: Style = { line: ["//"], block: [["/*", "*/"]], long: [], short: ['"'] };
const tripled: Style = { ...c, long: ['"""'] };
const styles: ReadonlyMap<string, Style> = new Map([
  ...["c", "cpp", "cuda", "d", "zig"].map((language) => [language, c] as const),
  ...["java", "csharp"].map((language) => [language, tripled] as const),
  ...["kotlin", "scala", "swift"].map((language) => [language, { ...tripled, nests: true }] as const),
  ["rust", { ...c, nests: true, long: ['"'], short: [] }],
  ["go", { ...c, long: ["`"] }],
  ["dart", { ...c, long: ['"""', "'''"], short: ['"', "'"] }],
  ["css", { ...c, line: [], short: ['"', "'"] }],
  ["python", { line: ["#"], block: [], long: ['"""', "'''"], short: ['"', "'"], isIndented: true }],
  ["julia", { line: ["#"], block: [["#=", "=#"]], nests: true, long: ['"""', '"'], short: [] }],
  ["wolfram", { line: [], block: [["(*", "*)"]], nests: true, long: ['"'], short: [] }],
  ["ocaml", { line: [], block: [["(*", "*)"]], nests: true, long: ['"'], short: [] }],
  ["haskell", { line: [], block: [["{-", "-}"]], nests: true, long: [], short: ['"'] }],
  ["html", { line: [], block: [["<!--", "-->"]], long: [], short: [] }],
  ["fortran", { line: ["!"], block: [], long: [], short: ['"', "'"] }],
] as const);

/** What a text does to the text after it. */
export interface Residue {
  /** Closing brackets without an opening one, then what stays open: brackets, a comment or a string. */
  readonly open: string;
  /** Least indentation of its code, where indentation closes scopes; Infinity without code. */
  readonly indentation: number;
}

const closing: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Scans a text from a state outside comments and strings; undefined for languages it does not know. */
export function residueOf(language: string | undefined, text: string): Residue | undefined {
  const style = styles.get(language ?? "");
  if (style === undefined) return undefined;
  const hasBrackets = language !== "html";
  const lineRest = /[^\r\n]*/y;
  let closed = "";
  const stack: string[] = [];
  let indentation = Number.POSITIVE_INFINITY;
  let at = 0;

  const skipTo = (end: string, from: number): boolean => {
    const found = text.indexOf(end, from);
    at = found < 0 ? text.length : found + end.length;
    return found >= 0;
  };
  const startsHere = (token: string) => text.startsWith(token, at);

  while (at < text.length) {
    const isLineStart = at === 0 || text[at - 1] === "\n" || text[at - 1] === "\r";
    if (style.isIndented && isLineStart && stack.length === 0) {
      const width = /[ \t\f]*/y;
      width.lastIndex = at;
      const length = width.exec(text)?.[0].length ?? 0;
      if (/[^\r\n#]/.test(text.charAt(at + length))) indentation = Math.min(indentation, length);
    }
    const block = style.block.find(([start]) => startsHere(start));
    const quote = style.long.find(startsHere) ?? style.short.find(startsHere);
    const raw = rawString(language, text, at);
    if (block !== undefined) {
      if (!skipComment(block)) return { open: `${closed}${stack.join("")}${block[0]}`, indentation };
    } else if (raw !== undefined) {
      if (!skipTo(raw.end, raw.from)) return { open: `${closed}${stack.join("")}${raw.end}`, indentation };
    } else if (style.line.some(startsHere)) {
      lineRest.lastIndex = at;
      at += lineRest.exec(text)?.[0].length ?? 1;
    } else if (quote !== undefined) {
      const isOpen = !skipString(quote, style.long.includes(quote));
      if (isOpen) return { open: `${closed}${stack.join("")}${quote}`, indentation };
    } else if (startsHere("'") && charLiteral.test(text.slice(at, at + 12))) {
      at += charLiteral.exec(text.slice(at, at + 12))?.[0].length ?? 1;
    } else {
      const char = text.charAt(at);
      at += 1;
      if (!hasBrackets) continue;
      if ("([{".includes(char)) stack.push(char);
      else if (char in closing && stack.at(-1) === closing[char]) stack.pop();
      else if (char in closing) closed += stack.splice(0).join("") + char;
    }
  }
  return { open: closed + stack.join(""), indentation };

  function skipComment([start, end]: readonly [string, string]): boolean {
    at += start.length;
    let depth = 1;
    while (at < text.length && depth > 0) {
      if (startsHere(end)) {
        depth -= 1;
        at += end.length;
      } else if (style?.nests && startsHere(start)) {
        depth += 1;
        at += start.length;
      } else at += 1;
    }
    return depth === 0;
  }

  /** Short strings end at the end of the line, without a fault. */
  function skipString(quote: string, isLong: boolean): boolean {
    at += quote.length;
    while (at < text.length) {
      if (startsHere(quote)) {
        at += quote.length;
        return true;
      }
      if (!isLong && /[\r\n]/.test(text.charAt(at))) return true;
      const isEscape = text[at] === "\\" && quote !== "`" && language !== "fortran";
      at += isEscape ? 2 : 1;
    }
    return !isLong;
  }
}

/** A character literal; a lone ' may be a lifetime, a prime or a transpose. */
const charLiteral = /^'(?:\\(?:u\{[0-9a-fA-F]+\}|x[0-9a-fA-F]+|[0-7]{1,3}|.)|[^\\'\r\n])'/u;

/** Raw strings, whose end depends on their start: r#"..."# of Rust, R"x(...)x" of C++. */
function rawString(
  language: string | undefined,
  text: string,
  at: number,
): { readonly from: number; readonly end: string } | undefined {
  const isRaw = (text[at] === "r" && language === "rust") || (text[at] === "R" && language === "cpp");
  if (!isRaw || /\w/.test(text[at - 1] ?? "")) return undefined;
  const head = text.slice(at, at + 40);
  const [start, mark = ""] = (language === "rust" ? /^r(#*)"/ : /^R"([^()\\\s]{0,16})\(/).exec(head) ?? [];
  if (start === undefined) return undefined;
  return { from: at + start.length, end: language === "rust" ? `"${mark}` : `)${mark}"` };
}
