/**
 * Names of languages as models write them on code fences. Says when two of them contradict each other; names
 * that it does not know, and names of plain text, contradict nothing.
 */

/** One family a line: languages that models do not tell apart, or that hold each other. */
const families = `
  javascript js javascriptreact node nodejs ecmascript jsx mjs cjs typescript ts typescriptreact tsx mts cts
  python py python3 py3 python2 ipython cython
  c cpp c++ cxx cc h hpp hxx cuda cu objective-c objectivec objc arduino
  csharp c# cs
  java
  kotlin kt kts
  scala
  groovy
  swift
  go golang
  rust rs
  ruby rb
  perl pl
  lua
  dart
  zig
  nim
  julia jl
  r rscript
  matlab octave
  wolfram mathematica wl
  fortran f77 f90 f95 f03 f08
  haskell hs
  ocaml ml mli reasonml
  fsharp f#
  vb vbnet vba vbscript basic
  elixir ex exs
  erlang erl
  clojure clj cljs
  lisp common-lisp elisp scheme scm racket
  pascal delphi
  prolog
  solidity
  verilog systemverilog vhdl
  shell sh bash zsh ksh fish console shell-session shellsession
  powershell ps1 pwsh
  sql mysql postgres postgresql psql sqlite plsql tsql
  assembly asm nasm x86asm
  html xhtml htm xml svg vue svelte php
  css scss sass less
  json json5 jsonc
  yaml yml
  toml
  latex tex
  diff patch
`;

const familyOf: ReadonlyMap<string, string> = new Map(
  families
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" "))
    .flatMap((names) => names.map((name) => [name, names[0] ?? name] as const)),
);

const plainText: ReadonlySet<string> = new Set(["", "text", "txt", "plaintext", "plain", "markdown", "md"]);

/** Whether texts of a language may be anything, code fences included. Undefined where nobody said. */
export function isPlainText(language: string | undefined): boolean | undefined {
  return language === undefined ? undefined : plainText.has(language.toLowerCase());
}

/** Whether a word is the name of a programming, markup or data language. */
export function isCodeLanguage(word: string): boolean {
  return familyOf.has(word.toLowerCase());
}

/** Whether two names mean the same language or close relatives. */
export function areRelated(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || (familyOf.has(a) && familyOf.get(a) === familyOf.get(b));
}

/** Whether a text in the language `given` cannot be what was asked for in the language `asked`. */
export function contradicts(given: string, asked: string): boolean {
  return isCodeLanguage(given) && isCodeLanguage(asked) && !areRelated(given, asked);
}
