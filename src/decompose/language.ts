/** The language of a file, by its extension. */
import type { ParserOptions } from "oxc-parser";

const byExtension: Readonly<Record<string, string>> = {
  ...{ js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "javascript" },
  ...{ ts: "typescript", mts: "typescript", cts: "typescript", tsx: "typescript" },
  ...{ py: "python", pyi: "python", rs: "rust", go: "go", c: "c", h: "c" },
  ...{ cc: "cpp", cpp: "cpp", cxx: "cpp", hh: "cpp", hpp: "cpp", hxx: "cpp", cu: "cuda", cuh: "cuda" },
  ...{ java: "java", kt: "kotlin", kts: "kotlin", scala: "scala", swift: "swift", cs: "csharp" },
  ...{ jl: "julia", r: "r", m: "matlab", wl: "wolfram", wls: "wolfram", nb: "wolfram" },
  ...{ f: "fortran", for: "fortran", f77: "fortran", f90: "fortran", f95: "fortran", f03: "fortran" },
  ...{ f08: "fortran", hs: "haskell", ml: "ocaml", mli: "ocaml", fs: "fsharp", vb: "vb", bas: "basic" },
  ...{ rb: "ruby", php: "php", pl: "perl", lua: "lua", dart: "dart", zig: "zig", nim: "nim", d: "d" },
  ...{ ex: "elixir", exs: "elixir", erl: "erlang", clj: "clojure", lisp: "lisp", scm: "scheme" },
  ...{ sh: "shell", bash: "shell", ps1: "powershell", sql: "sql", asm: "assembly", s: "assembly" },
  ...{ html: "html", htm: "html", xml: "xml", svg: "svg", css: "css", scss: "scss", md: "markdown" },
  ...{ json: "json", yaml: "yaml", yml: "yaml", toml: "toml", tex: "latex", txt: "text" },
};

function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

/** Names the language of a file, e.g. "python"; undefined where its extension is not known. */
export function languageOf(path: string): string | undefined {
  const extension = extensionOf(path);
  return Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined;
}

/** Whether the parser reads the file: JavaScript or TypeScript. */
export function hasParser(path: string): boolean {
  return /^(?:java|type)script$/.test(languageOf(path) ?? "");
}

/** The parser's name for the dialect of a JavaScript or TypeScript file; JavaScript may hold JSX. */
export function dialectOf(path: string): NonNullable<ParserOptions["lang"]> {
  if (languageOf(path) === "javascript") return "jsx";
  if (/\.d\.[cm]?ts$/i.test(path)) return "dts";
  return extensionOf(path) === "tsx" ? "tsx" : "ts";
}
