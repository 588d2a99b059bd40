/**
 * The program of the process that parses candidates. Parsing runs no code of theirs, but text made for it
 * overflows a parser's stack, or keeps it busy for minutes; that must end this process alone.
 *
 * Requests are lines of JSON on standard input: ["read", id, entry, files]. Replies are lines "id tag body" on
 * descriptor 3: `value` with a program, or `refused` with [reason, message].
 */
import { readSync, writeSync } from "node:fs";
import { posix } from "node:path";
import { parseSync } from "oxc-parser";
import { moduleRunnerTransformSync, transformSync } from "oxc-transform";

/** @typedef {import("./program.ts").ProgramModule} ProgramModule */

/** @type {Readonly<Record<string, "js" | "ts">>} */
const languages = { ".js": "js", ".mjs": "js", ".ts": "ts", ".mts": "ts" };

/** A candidate's code is not taken. */
class Refusal {
  /**
   * @param {"syntax" | "forbidden"} reason
   * @param {string} message
   */
  constructor(reason, message) {
    this.reason = reason;
    this.message = message.slice(0, 2000);
  }
}

/**
 * Reads the entry and all it imports: strips types, finds syntax errors, refuses what may not be said.
 * @param {string} entry
 * @param {Map<string, string>} files
 * @returns {ProgramModule[]}
 */
function readProgram(entry, files) {
  /** @type {Map<string, ProgramModule>} */
  const modules = new Map();
  const left = [entry];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (modules.has(path)) continue;
    const module = readModule(path, files);
    modules.set(path, module);
    left.push(...Object.values(module[2]));
  }
  return [...modules.values()];
}

/**
 * @param {string} path
 * @param {Map<string, string>} files
 * @returns {ProgramModule}
 */
function readModule(path, files) {
  let code = files.get(path) ?? "";
  const lang = languages[posix.extname(path)] ?? "js";
  let module = parse(path, code, lang);
  if (lang === "ts") {
    const stripped = transformSync(path, code, { lang, sourceType: "module", target: "esnext" });
    refuseErrors(path, stripped.errors);
    code = stripped.code;
    module = parse(path, code, "js");
  }
  /** @param {string} what */
  const refuse = (what) => new Refusal("forbidden", `${path}: ${what} is not allowed in the sandbox`);
  if (module.dynamicImports.length > 0) throw refuse("import()");
  if (module.importMetas.length > 0) throw refuse("import.meta");
  /** @type {Record<string, string>} */
  const imports = {};
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map((one) => one.moduleRequest?.value)),
  ];
  for (const specifier of specifiers) {
    if (specifier === undefined) continue;
    const target = resolve(path, specifier, files);
    if (target === undefined) throw refuse(`importing '${specifier}', which is no file of the solution,`);
    imports[specifier] = target;
  }
  return [path, asFunction(path, code), imports];
}

/**
 * @param {string} path
 * @param {string} code
 * @param {"js" | "ts"} lang
 */
function parse(path, code, lang) {
  const { errors, module } = parseSync(path, code, { lang, sourceType: "module" });
  const start = errors[0]?.labels[0]?.start;
  refuseErrors(start === undefined ? path : `${path}:${lineAndColumn(code, start)}`, errors);
  return module;
}

/**
 * @param {string} place
 * @param {readonly { message: string }[]} errors
 */
function refuseErrors(place, [error]) {
  if (error !== undefined) throw new Refusal("syntax", `${place}: ${error.message}`);
}

/**
 * A module as a function: `export` becomes getters, and each use of an imported name a look-up. (Node's own
 * modules for contexts keep every context in memory.)
 * @param {string} path
 * @param {string} code
 */
function asFunction(path, code) {
  const { code: body, errors } = moduleRunnerTransformSync(path, code);
  refuseErrors(path, errors);
  const parameters = "__vite_ssr_exports__, __vite_ssr_import__, __vite_ssr_exportAll__";
  return `(async function (${parameters}) { "use strict";\n${body}\n})`;
}

/**
 * The file that a relative import means; its ending may be left out, or be .js where the file has .ts.
 * @param {string} from
 * @param {string} specifier
 * @param {Map<string, string>} files
 */
function resolve(from, specifier, files) {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  const asTypeScript = path.replace(/\.(m?)js$/, ".$1ts");
  const known = [path, asTypeScript, ...Object.keys(languages).map((ending) => path + ending)];
  return known.find((one) => files.has(one) && posix.extname(one) in languages);
}

/**
 * @param {string} text
 * @param {number} offset
 */
function lineAndColumn(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/**
 * @param {number} id
 * @param {string} tag
 * @param {unknown} body
 */
function reply(id, tag, body) {
  const bytes = Buffer.from(`${id} ${tag} ${JSON.stringify(body)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}

/** Reads the requests; blocks while there is none. */
function* requests() {
  const buffer = Buffer.alloc(65_536);
  const decoder = new TextDecoder();
  let rest = "";
  for (let count = readSync(0, buffer); count > 0; count = readSync(0, buffer)) {
    const text = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = text.includes("\n") ? (rest + text).split("\n") : [rest + text];
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

reply(0, "ready", null);
for (const [, id, entry, files] of requests()) {
  try {
    reply(id, "value", readProgram(entry, new Map(files)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply(id, "refused", [error.reason, error.message]);
  }
}
