/**
 * The program of the process that runs candidates. Nobody trusts it once a candidate has run in it: it holds no
 * answers, and whoever reads its replies takes them as hostile. It imports nothing but what Node brings, since
 * nothing else is in the cage.
 *
 * Requests are lines of JSON on standard input: [kind, id, ...]. Replies are lines "id tag body" on descriptor
 * 3. One request is open at a time, and answered when no code of the candidate is left to run.
 */
import { readSync, writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";

/** Longest reply; a longer result is refused here, before it takes the memory of a copy. */
const mostCharacters = 16_000_000;

setFlagsFromString("--expose-gc");
/** @type {() => void} */
const collectGarbage = vm.runInNewContext("gc");
setFlagsFromString("--no-expose-gc");

/**
 * Stands between this program and a candidate: it runs inside the candidate's context, before the candidate,
 * and keeps what it needs of the language, so that nothing the candidate redefines changes it. Only strings
 * and numbers cross it. Of its functions the candidate gets those that link its files, and never `send`.
 * @param {(id: number, tag: string, body: string) => void} send
 */
function bridge(send) {
  const { apply, defineProperty } = Reflect;
  const { parse, stringify } = JSON;
  const {
    isArray,
    prototype: { slice },
  } = Array;
  const { create, hasOwn, is, keys } = Object;
  const { isView } = ArrayBuffer;
  const cut = String.prototype.slice;
  const isFiniteNumber = Number.isFinite;
  const PlainError = TypeError;
  const MissingError = SyntaxError;

  // What could run code of a candidate later, share memory, or compile: gone.
  for (const name of ["SharedArrayBuffer", "Atomics", "WebAssembly", "FinalizationRegistry", "WeakRef"]) {
    delete globalThis[/** @type {keyof typeof globalThis} */ (name)];
  }
  // Formatting a stack trace calls a function of Node's own realm, and a stack overflow in there throws an
  // object of that realm at the candidate. So no stack trace is ever taken: nobody can set the limit again.
  const never = { value: undefined, enumerable: false, writable: false, configurable: false };
  defineProperty(Error, "stackTraceLimit", never);
  delete (/** @type {Partial<ErrorConstructor>} */ (Error).captureStackTrace);
  const quiet = () => undefined;
  const logs = ["log", "error", "warn", "info", "debug", "trace", "table", "dir", "group", "groupEnd"];
  /** @type {Record<string, () => undefined>} */
  const silent = {};
  for (const name of [...logs, "assert", "count", "time", "timeEnd", "timeLog"]) silent[name] = quiet;
  defineProperty(globalThis, "console", { value: silent, writable: true, configurable: true });

  /**
   * A file of the candidate: its code as a function, the file that each import means, and what it exports.
   * @typedef {{ code: Function, imports: Record<string, string>, exports: Record<string, unknown>, isStarted: boolean }} Module
   */
  /** @type {Record<string, Module>} */
  const modules = create(null);
  /** @type {Record<string, unknown>} */
  let exported = create(null);

  /**
   * Runs a file once, after the files that it imports. In a circle of imports a file sees the others unfinished.
   * @param {Module} module
   */
  async function run(module) {
    if (!module.isStarted) {
      module.isStarted = true;
      /** @type {(specifier: string, use?: { importedNames: string[] }) => Promise<object>} */
      const importFile = async (specifier, use) => {
        const { exports } = await runFile(module.imports[specifier] ?? "");
        const names = use?.importedNames ?? [];
        for (let index = 0; index < names.length; index++) {
          const name = names[index] ?? "";
          if (!hasOwn(exports, name)) throw new MissingError(`'${specifier}' exports no '${name}'`);
        }
        return exports;
      };
      /** @type {(from: Record<string, unknown>) => void} */
      const exportAll = (from) => {
        const names = keys(from);
        for (let index = 0; index < names.length; index++) {
          const name = names[index] ?? "";
          const get = () => from[name];
          if (name !== "default" && !hasOwn(module.exports, name)) {
            defineProperty(module.exports, name, { enumerable: true, configurable: true, get });
          }
        }
      };
      await apply(module.code, undefined, [module.exports, importFile, exportAll]);
    }
    return module;
  }

  /** @param {string} path */
  function runFile(path) {
    return run(/** @type {Module} */ (modules[path]));
  }

  /**
   * Whether a value is more than JSON can say: numbers that are not finite, -0, undefined, typed arrays.
   * @param {unknown} value
   * @param {number} depth
   * @returns {boolean}
   */
  function isBeyondJson(value, depth) {
    if (typeof value === "number") return !isFiniteNumber(value) || is(value, -0);
    if (typeof value === "string" || typeof value === "boolean" || value === null) return false;
    if (value === undefined) return true;
    if (typeof value !== "object") throw new PlainError(`a ${typeof value} is no plain data`);
    if (depth > 1000) throw new PlainError("it is circular, or nested deeper than 1,000 levels");
    if (isView(value)) return true;
    const list = isArray(value) ? value : undefined;
    const names = list === undefined ? keys(value) : undefined;
    const count = (list ?? names ?? "").length;
    for (let index = 0; index < count; index++) {
      const name = names === undefined ? index : names[index];
      if (isBeyondJson(/** @type {Record<PropertyKey, unknown>} */ (value)[name ?? index], depth + 1))
        return true;
    }
    return false;
  }

  /**
   * Writes a value with tags for what JSON lacks: {"@":"NaN"}; an object that has a key "@" is wrapped.
   * @param {unknown} value
   * @param {number} depth
   * @returns {string}
   */
  function writeTagged(value, depth) {
    if (typeof value === "number") {
      if (is(value, -0)) return '{"@":"-0"}';
      return isFiniteNumber(value) ? stringify(value) : `{"@":"${value}"}`;
    }
    if (value === undefined) return '{"@":"undefined"}';
    if (typeof value !== "object" || value === null) {
      if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
        throw new PlainError(`a ${typeof value} is no plain data`);
      }
      return stringify(value);
    }
    if (depth > 1000) throw new PlainError("it is circular, or nested deeper than 1,000 levels");
    let text = "";
    const view = isView(value) ? apply(slice, value, []) : value;
    if (isArray(view)) {
      for (let index = 0; index < view.length; index++) {
        text += `${index === 0 ? "" : ","}${writeTagged(view[index], depth + 1)}`;
      }
      return `[${text}]`;
    }
    const names = keys(view);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? "";
      const member = writeTagged(/** @type {Record<string, unknown>} */ (view)[name], depth + 1);
      text += `${index === 0 ? "" : ","}${stringify(name)}:${member}`;
    }
    return hasOwn(view, "@") ? `{"@":"object","value":{${text}}}` : `{${text}}`;
  }

  /**
   * Puts back what `writeTagged` wrote.
   * @param {unknown} value
   * @returns {unknown}
   */
  function readTagged(value) {
    if (typeof value !== "object" || value === null) return value;
    let members = /** @type {Record<PropertyKey, unknown>} */ (value);
    if (!isArray(value) && hasOwn(members, "@")) {
      if (members["@"] === "undefined") return undefined;
      if (members["@"] !== "object") return Number(members["@"]);
      members = /** @type {Record<PropertyKey, unknown>} */ (members.value);
    }
    const names = keys(members);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? "";
      members[name] = readTagged(members[name]);
    }
    return members;
  }

  /**
   * What was thrown, as text: [name, message].
   * @param {unknown} error
   */
  function describe(error) {
    let name = "";
    let message = "";
    try {
      if ((typeof error === "object" && error !== null) || typeof error === "function") {
        const given = /** @type {{ name?: unknown, message?: unknown }} */ (error);
        if (typeof given.name === "string") name = given.name;
        if (typeof given.message === "string") message = given.message;
      } else message = typeof error === "symbol" ? "a symbol" : `${error}`;
    } catch {
      message = "something that throws when it is looked at";
    }
    return `[${stringify(apply(cut, name, [0, 100]))},${stringify(apply(cut, message, [0, 2000]))}]`;
  }

  return {
    describe,

    /**
     * Seeds Math.random: the same candidate gets the same numbers (generator: mulberry32).
     * @param {number} seed
     */
    seed(seed) {
      let state = seed | 0;
      const { imul } = Math;
      const random = () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
      };
      defineProperty(Math, "random", { value: random, writable: true, configurable: true });
    },

    /**
     * Takes a file of the candidate.
     * @param {string} path
     * @param {Function} code
     * @param {string} imports
     */
    add(path, code, imports) {
      modules[path] = { code, imports: parse(imports), exports: create(null), isStarted: false };
    },

    /**
     * Runs the entry and all it imports.
     * @param {number} id
     * @param {string} entry
     */
    async load(id, entry) {
      let tag = "value";
      let body = "null";
      try {
        exported = (await runFile(entry)).exports;
      } catch (error) {
        tag = "thrown";
        body = describe(error);
      }
      send(id, tag, body);
    },

    /** @param {string} name */
    has(name) {
      try {
        return hasOwn(exported, name) && typeof exported[name] === "function";
      } catch {
        return false;
      }
    },

    /**
     * Calls an exported function and sends what comes of it.
     * @param {number} id
     * @param {string} name
     * @param {boolean} isTagged
     * @param {string} args
     */
    async call(id, name, isTagged, args) {
      let tag = "value";
      let body = "";
      try {
        const given = parse(args);
        const fn = /** @type {Function} */ (exported[name]);
        const result = await apply(fn, undefined, isTagged ? readTagged(given) : given);
        try {
          if (isBeyondJson(result, 0)) tag = "tagged";
          const text = tag === "tagged" ? writeTagged(result, 0) : stringify(result);
          if (typeof text !== "string") throw new PlainError("its toJSON returns nothing");
          body = text;
        } catch (error) {
          tag = "unfit";
          body = describe(error);
        }
      } catch (error) {
        tag = "thrown";
        body = describe(error);
      }
      send(id, tag, body);
    },
  };
}

/** The number of the open request; replies to any other are dropped. */
let open = -1;
let reply = "";

/**
 * Takes the reply to the open request.
 * @param {number} id
 * @param {string} tag
 * @param {string} body
 */
function send(id, tag, body) {
  if (id !== open || reply !== "" || typeof body !== "string") return;
  reply = body.length > mostCharacters ? `${id} large \n` : `${id} ${tag} ${body}\n`;
}

/** Answers the open request. */
function answer() {
  open = -1;
  writeAll(reply);
  reply = "";
}

/** @param {string} text */
function writeAll(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}

const bridgeScript = new vm.Script(`(${bridge})`, { filename: "bridge" });
// With a sandbox object each access to a global goes through it; without, contexts are plain (Node 22 on).
const constants = /** @type {unknown} */ (vm.constants);
const plainContext = /** @type {Record<string, symbol> | undefined} */ (constants)?.DONT_CONTEXTIFY;

/** A new context with nothing in it but the language, and the bridge to it. */
function prepare() {
  const sandbox = /** @type {vm.Context} */ (plainContext ?? Object.create(null));
  const context = vm.createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });
  /** @type {ReturnType<typeof bridge>} */
  const inside = bridgeScript.runInContext(context)(send);
  return { context, inside };
}

/**
 * Compiles the candidate's files and runs them.
 * @param {ReturnType<typeof prepare>} place
 * @param {number} id
 * @param {number} seed
 * @param {string} entry
 * @param {[path: string, code: string, imports: Record<string, string>][]} files
 */
function load({ context, inside }, id, seed, entry, files) {
  inside.seed(seed);
  try {
    for (const [path, code, imports] of files) {
      const script = new vm.Script(code, {
        filename: path,
        // The code was searched for `import()` before it came here. Its error would be an object of this
        // realm, the known way out of a context; so whoever gets this far ends the process.
        importModuleDynamically() {
          writeAll(`${open} forbidden \n`);
          process.exit(1);
        },
      });
      inside.add(path, script.runInContext(context), JSON.stringify(imports));
    }
  } catch (error) {
    send(id, "unparsable", inside.describe(error));
    return;
  }
  void inside.load(id, entry);
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

let place = prepare();
writeAll("0 ready \n");
for (const [kind, id, ...details] of requests()) {
  open = id;
  if (kind === "end") {
    if (details[0]) {
      place = /** @type {typeof place} */ (/** @type {unknown} */ (undefined));
      collectGarbage();
    }
    place = prepare();
    send(id, "ready", "");
  } else if (kind === "load") {
    const [seed, entry, files] = details;
    load(place, id, seed, entry, files);
  } else if (!place.inside.has(details[0])) send(id, "missing", "");
  else if (kind === "has") send(id, "value", "true");
  else void place.inside.call(id, details[0], details[1], details[2]);
  // A macrotask later every promise that can settle has settled, since there are no timers and no events in
  // there, and no code of the candidate is left to run.
  await new Promise((resolve) => setImmediate(resolve));
  if (reply === "") send(id, "stuck", "");
  answer();
}
