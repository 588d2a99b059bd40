/**
 * Hostile programs, as data. Each exports `run`, which a scorer calls with 21; the honest answer is 42. Each
 * runs in the pool with other evaluations in flight; docs/security.md lists what happened to each.
 */
import type { FailureReason } from "allele";

export interface HostileProgram {
  readonly kind: string;
  readonly name: string;
  /** What it tries, in words. */
  readonly tries: string;
  readonly code: string;
  /** The reason of its failed evaluation, or "no effect": it is scored like an honest program. */
  readonly ends: FailureReason | "no effect";
}

const honest = "export const run = (x) => 2 * x;";

/** Wraps a body in the function that the scorer calls. */
const run = (body: string) => `export function run(x) { ${body} }`;

export const hostilePrograms: readonly HostileProgram[] = [
  // Endless loops
  ...(
    [
      ["endless loop", "to keep its thread for ever", run("for (;;);")],
      ["endless loop at load", "to hang before any function is called", `for (;;); ${honest}`],
      [
        "endless async loop",
        "to hang by awaiting again and again",
        "export async function run() { for (;;) await 0; }",
      ],
      [
        "endless microtasks",
        "to answer, and leave a chain of promises that never ends",
        run("const f = () => { Promise.resolve().then(f); }; f(); return 2 * x;"),
      ],
      [
        "endless microtasks at load",
        "to starve the loader by a chain of promises",
        `const f = () => { Promise.resolve().then(f); }; f(); ${honest}`,
      ],
      ["promise that never settles", "to keep the scorer waiting", run("return new Promise(() => {});")],
      ["top-level await for ever", "to keep the loader waiting", `await new Promise(() => {}); ${honest}`],
      [
        "endless generator",
        "to hang in a spread of an endless iterator",
        run("function* g() { for (;;) yield; } for (const _ of g()); return 2 * x;"),
      ],
      ["getter that hangs", "to hang when its result is read", run("return { get a() { for (;;); } };")],
      [
        "toJSON that hangs",
        "to hang when its result is written out",
        run("class A { toJSON() { for (;;); } } return new A();"),
      ],
      ["thenable that hangs", "to hang when its result is awaited", run("return { then() { for (;;); } };")],
      [
        "backtracking expression",
        "to hang inside the regular expression engine",
        run("return /^(a+)+$/.test('a'.repeat(40) + 'b') ? 0 : 1;"),
      ],
      [
        "comparator that hangs",
        "to hang inside a built-in sort",
        run("return [2, 1].sort(() => { for (;;); }).length;"),
      ],
      [
        "proxy traps that hang",
        "to hang when anything is asked of its result",
        run(
          "const trap = () => { for (;;); }; return new Proxy({}, { get: trap, has: trap, ownKeys: trap });",
        ),
      ],
      [
        "error that hangs",
        "to hang when its error is described",
        run("throw { get message() { for (;;); } };"),
      ],
      [
        "loop in finally",
        "to survive an exception thrown into it",
        run("for (;;) { try { for (;;); } finally { continue; } }"),
      ],
    ] as const
  ).map(([name, tries, code]) => ({ kind: "endless loop", name, tries, code, ends: "timeout" as const })),

  // Memory
  ...(
    [
      ["array bomb", "to fill the memory with objects", run("const a = []; for (;;) a.push({ x, y: [x] });")],
      ["string bomb", "to double a string until nothing is left", run("let s = 'x'; for (;;) s += s;")],
      [
        "map bomb",
        "to fill the memory with entries of a Map",
        run("const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });"),
      ],
      [
        "set bomb",
        "to fill the memory with a Set of strings",
        run("const s = new Set(); for (let i = 0; ; i++) s.add('key' + i);"),
      ],
      [
        "bigint bomb",
        "to fill the memory with long numbers",
        run("const a = []; for (let n = 1n; ; n <<= 99999n) a.push(n);"),
      ],
      [
        "typed array bomb",
        "to fill memory outside the JavaScript heap",
        run("const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1));"),
      ],
      ["huge buffer", "to ask for 64 GB at once", run("return new ArrayBuffer(2 ** 36).byteLength;")],
      [
        "growing buffer",
        "to grow a resizable buffer and touch it",
        run(
          "const b = new ArrayBuffer(0, { maxByteLength: 2 ** 32 - 1 }); const v = new Uint8Array(b); for (let n = 1e7; ; n += 1e7) { b.resize(n); v.fill(1); }",
        ),
      ],
      [
        "huge replace",
        "to make a string explode in one call",
        run("return 'a'.repeat(2 ** 26).replace(/a/g, 'bbbbbbbb').length;"),
      ],
      [
        "huge split",
        "to make an array explode in one call",
        run("return 'a'.repeat(2 ** 28).split('').length;"),
      ],
      [
        "huge fill",
        "to fill an array of 2^27 numbers in one call",
        run("return Array(2 ** 27).fill().map(Math.random).length;"),
      ],
      [
        "nested JSON",
        "to parse a huge nested text",
        run("return JSON.parse('['.repeat(2e7) + ']'.repeat(2e7)).length;"),
      ],
      [
        "closure bomb",
        "to keep every scope alive",
        run(
          "let f = () => 0; for (;;) { const g = f; const big = new Array(100).fill(x); f = () => g() + big.length; }",
        ),
      ],
      [
        "promise bomb",
        "to fill the memory with pending promises",
        run("const a = []; for (;;) a.push(new Promise(() => {}).then(() => a));"),
      ],
      ["string too long", "to pass the engine's limit on strings", run("return 'x'.repeat(2 ** 30).length;")],
      [
        "array at load",
        "to fill the memory before any call",
        `const a = []; for (;;) a.push([a.length]); ${honest}`,
      ],
    ] as const
  ).map(([name, tries, code]) => ({ kind: "memory bomb", name, tries, code, ends: "memory" as const })),
  {
    kind: "memory bomb",
    name: "deep recursion",
    tries: "to overflow the stack",
    code: run("return run(x) + 1;"),
    ends: "crash",
  },
  {
    kind: "memory bomb",
    name: "deep result",
    tries: "to overflow the stack of whoever reads its result",
    code: run("let a = 0; for (let i = 0; i < 1e5; i++) a = [a]; return a;"),
    ends: "invalid",
  },
  {
    kind: "memory bomb",
    name: "circular result",
    tries: "to make its result endless",
    code: run("const a = []; a.push(a); return a;"),
    ends: "invalid",
  },

  // The process and the host
  ...(
    [
      ["process.exit", "to end the process", run("process.exit(0);")],
      ["process.kill", "to kill every process", run("process.kill(-1, 9);")],
      ["process.env", "to read the environment", run("return Object.keys(process.env).length;")],
      ["process.binding", "to reach Node's native parts", run("return process.binding('fs');")],
      [
        "require",
        "to load the file system by require",
        run("return require('fs').readFileSync('/etc/passwd', 'utf8');"),
      ],
      [
        "import of fs",
        "to load the file system by import",
        `import { readFileSync } from "node:fs"; ${run("return readFileSync('/etc/passwd', 'utf8');")}`,
      ],
      ["import of a package", "to load a package of the host", `import "piscina"; ${honest}`],
      [
        "import from outside",
        "to load a file outside the solution",
        `import "../../../../package.json"; ${honest}`,
      ],
      [
        "re-export",
        "to load the file system by exporting it",
        'export * from "fs"; export const run = () => 0;',
      ],
      [
        "import()",
        "to escape through the error of a dynamic import",
        run("return import('fs').catch((e) => e.constructor.constructor('return process')().pid);"),
      ],
      ["import() in eval", "to hide a dynamic import in text", run("return eval('import(\"fs\")');")],
      ["import.meta", "to learn where the program lies", run("return import.meta.url.length;")],
      ["fetch", "to send something to a server", run("return fetch('http://127.0.0.1/').then(() => 1);")],
      ["XMLHttpRequest", "to send something to a server", run("return new XMLHttpRequest().status;")],
      ["WebSocket", "to open a connection", run("return new WebSocket('ws://127.0.0.1').readyState;")],
      [
        "timers",
        "to run code after its evaluation has ended",
        run("setTimeout(() => {}, 10); return 2 * x;"),
      ],
      ["Buffer", "to read memory that is not cleared", run("return Buffer.allocUnsafe(1e6)[5];")],
      [
        "SharedArrayBuffer",
        "to share memory, and to time with it",
        run("return new SharedArrayBuffer(8).byteLength;"),
      ],
      ["Atomics", "to put its thread to sleep", run("Atomics.wait(new Int32Array(8), 0, 0); return 2 * x;")],
      [
        "WebAssembly",
        "to run code that no parser has seen",
        run("return WebAssembly.validate(new Uint8Array(8)) ? 1 : 0;"),
      ],
      ["WeakRef", "to watch the garbage collector", run("return new WeakRef({}).deref() ? 1 : 0;")],
      [
        "FinalizationRegistry",
        "to have code called after its evaluation",
        run("new FinalizationRegistry(() => {}).register({}, 0); return 2 * x;"),
      ],
      ["Worker", "to start a thread", run("return new Worker('data:,').threadId;")],
      ["gc", "to force garbage collection", run("gc(); return 2 * x;")],
      [
        "constructor chain",
        "to reach the host's Function from the global object",
        run("return globalThis.constructor.constructor('return process')().pid;"),
      ],
      [
        "Function from a function",
        "to compile text",
        run("return (() => {}).constructor('return process')().pid;"),
      ],
      [
        "async Function",
        "to compile text as an async function",
        run("return (async () => {}).constructor('return process')();"),
      ],
      [
        "generator Function",
        "to compile text as a generator",
        run("return (function* () {}).constructor('return process')().next().value;"),
      ],
      ["eval", "to compile text", run("return (0, eval)('process').pid;")],
    ] as const
  ).map(([name, tries, code]) => ({ kind: "the host", name, tries, code, ends: "forbidden" as const })),
  {
    kind: "the host",
    name: "this of a module",
    tries: "to reach the host from `this`",
    code: run("return this.constructor.constructor('return process')().pid;"),
    ends: "crash",
  },
  {
    kind: "the host",
    name: "caller",
    tries: "to climb the stack through `caller` and `arguments`",
    code: run("return run.caller.arguments.length;"),
    ends: "crash",
  },
  {
    kind: "the host",
    name: "console",
    tries: "to reach the host through its console",
    code: run("return console.log.constructor('return process')().pid;"),
    ends: "forbidden",
  },
  {
    kind: "the host",
    name: "stack frames",
    tries: "to get functions and objects of the host from a stack trace",
    code: run(`
      let seen = 0;
      try { Error.prepareStackTrace = (_, frames) => { seen += frames.length; return frames; }; } catch {}
      try { Error.stackTraceLimit = 100; } catch {}
      seen += new Error("x").stack?.length ?? 0;
      try { null.f(); } catch (error) { seen += error.stack?.length ?? 0; }
      return 2 * x + seen;`),
    ends: "no effect",
  },
  {
    kind: "the host",
    name: "overflow inside the host",
    tries: "to catch an error object of the host by overflowing the stack while a stack trace is made",
    code: run(`
      let foreign = 0;
      function down() {
        let depth;
        try { depth = down(); } catch { return 2000; }
        if (depth > 0) {
          try { new Error("x").stack; console.log(1); Promise.reject(1); globalThis.y; }
          catch (error) { if (!(error instanceof Error)) foreign++; }
        }
        return depth - 1;
      }
      down();
      return 2 * x + foreign;`),
    ends: "no effect",
  },
  {
    kind: "the host",
    name: "helpers of the module",
    tries: "to escape through the functions that link its files",
    code: run(`
      const helpers = [...arguments, __vite_ssr_exports__, __vite_ssr_import__, __vite_ssr_exportAll__];
      const outside = helpers.filter((one) => typeof one === "function" && !(one instanceof Function));
      return 2 * x + outside.length;`),
    ends: "no effect",
  },
  {
    kind: "the host",
    name: "every global",
    tries: "to find an object of the host among all that it can reach",
    code: run(`
      const seen = new Set(); const left = [globalThis]; let foreign = 0;
      for (let one = left.pop(); one !== undefined; one = left.pop()) {
        if (seen.has(one)) continue;
        seen.add(one);
        if (typeof one === "function" && !(one instanceof Function) && one !== Function.prototype) foreign++;
        for (const key of Reflect.ownKeys(one)) {
          const { value, get, set } = Reflect.getOwnPropertyDescriptor(one, key);
          for (const next of [value, get, set]) if (Object(next) === next) left.push(next);
        }
        const parent = Reflect.getPrototypeOf(one);
        if (parent !== null) left.push(parent);
      }
      return seen.size > 500 ? 2 * x + foreign : 0;`),
    ends: "no effect",
  },

  // Tampering
  ...(
    [
      [
        "Object.prototype",
        "to add getters and setters to every object",
        "for (const key of ['id', 'tag', 'body', '@', 'then', 'isStarted', '0']) Object.defineProperty(Object.prototype, key, { get() { return 666; }, set() {}, configurable: true });",
      ],
      [
        "Array.prototype",
        "to replace what lists can do",
        "for (const key of ['push', 'slice', 'concat', 'map', 'join', Symbol.iterator]) Array.prototype[key] = () => 666;",
      ],
      [
        "Array setters",
        "to catch values put into lists",
        "Object.defineProperty(Array.prototype, 0, { set() { throw 666; }, get() { return 666; } });",
      ],
      [
        "Promise.prototype.then",
        "to catch what waits for its promises",
        "Promise.prototype.then = function (...all) { return all[0](666); };",
      ],
      ["JSON", "to replace how results are written", "JSON.stringify = () => '666'; JSON.parse = () => 666;"],
      ["toJSON of numbers", "to replace how numbers are written", "Number.prototype.toJSON = () => 666;"],
      [
        "Function.prototype",
        "to replace call, apply and bind",
        "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 666;",
      ],
      ["Reflect", "to replace apply", "Reflect.apply = Reflect.get = () => 666;"],
      [
        "String.prototype",
        "to replace what texts can do",
        "for (const key of ['slice', 'split', 'replace', 'toString']) String.prototype[key] = () => '666';",
      ],
      [
        "Symbol.iterator",
        "to replace iteration",
        "delete Array.prototype[Symbol.iterator]; String.prototype[Symbol.iterator] = null;",
      ],
      [
        "globals",
        "to replace all built-in objects",
        "for (const key of Object.getOwnPropertyNames(globalThis)) { try { globalThis[key] = undefined; } catch {} }",
      ],
      [
        "Error",
        "to replace how errors are made",
        "globalThis.Error = globalThis.TypeError = { prepareStackTrace: () => 666 };",
      ],
      [
        "frozen globals",
        "to freeze everything for whoever comes next",
        "for (const key of Object.getOwnPropertyNames(globalThis)) { const one = globalThis[key]; if (Object(one) === one) { Object.freeze(one.prototype ?? {}); Object.freeze(one); } }",
      ],
      [
        "Math and Date",
        "to stop the clock and to fix chance",
        "Math.random = () => 0; Date.now = () => 0; globalThis.Date = null;",
      ],
    ] as const
  ).map(([name, tries, code]) => ({
    kind: "tampering",
    name,
    tries,
    code: `${code} ${honest}`,
    ends: "no effect" as const,
  })),
  {
    kind: "tampering",
    name: "Object.prototype.toJSON",
    tries: "to replace how every object is written",
    code: `Object.prototype.toJSON = () => 666; ${honest}`,
    ends: "no effect",
  },

  {
    kind: "tampering",
    name: "Promise species",
    tries: "to have its own class made by promises",
    code: `Object.defineProperty(Promise, Symbol.species, { value: Array }); Promise.prototype.constructor = Array; ${honest}`,
    ends: "crash",
  },
  {
    kind: "tampering",
    name: "getters on Promise",
    tries: "to run code whenever a promise is looked at",
    code: `Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 666; } }); ${honest}`,
    ends: "crash",
  },

  // Other candidates
  ...(
    [
      [
        "state in globals",
        "to leave something for the next candidate",
        "globalThis.leak = 1; var leak2 = 1;",
      ],
      [
        "state in prototypes",
        "to leave something on built-in objects",
        "Object.prototype.leak = 1; Function.prototype.leak = 1; Symbol.prototype.leak = 1;",
      ],
      [
        "state in JSON and Math",
        "to leave another random generator",
        "Math.random = () => 0; JSON.leak = 1;",
      ],
      ["state in regular expressions", "to leave a match behind", "/(4)2/.exec('42');"],
    ] as const
  ).map(([name, tries, code]) => ({
    kind: "other candidates",
    name,
    tries,
    code: `${code} ${honest}`,
    ends: "no effect" as const,
  })),

  // Replies
  ...(
    [
      [
        "thenable result",
        "to be called when its result is awaited, and to answer otherwise",
        run("return { then(resolve) { resolve({ status: 'ok', fitness: 1e9 }); } };"),
        "invalid",
      ],
      [
        "forged evaluation",
        "to return an evaluation in the place of an answer",
        run("return { status: 'ok', fitness: 1e9 };"),
        "invalid",
      ],
      [
        "forged reply",
        "to return text that looks like a reply",
        run("return '1 value 1000000000\\n2 value 1000000000\\n';"),
        "invalid",
      ],
      [
        "forged tag",
        "to return an object that looks like a tagged value",
        run("return { '@': 'Infinity' };"),
        "invalid",
      ],
      [
        "key __proto__",
        "to set the prototype of whoever copies its result",
        run('return JSON.parse(\'{"__proto__": {"fitness": 1e9}}\');'),
        "invalid",
      ],
      ["function as a result", "to send a function out", run("return () => 1;"), "invalid"],
      ["symbol as a result", "to send a symbol out", run("return [Symbol.iterator];"), "invalid"],
      ["bigint as a result", "to send what JSON has not", run("return 42n;"), "invalid"],
      ["not a number", "to be scored by NaN", run("return NaN;"), "invalid"],
      ["infinity", "to be scored by infinity", run("return Infinity;"), "invalid"],
      ["number as text", "to be compared as text", run("return '1e9';"), "invalid"],
      [
        "toJSON that lies",
        "to return one thing and write another",
        run("class A { toJSON() {} } return new A();"),
        "invalid",
      ],
      [
        "proxy as a result",
        "to answer differently each time it is asked",
        run("let n = 0; return new Proxy([], { get: (t, key) => (key === 'length' ? ++n : t[key]) });"),
        "memory",
      ],
      [
        "proxy as an export",
        "to export a proxy in the place of a function",
        "export const run = new Proxy(function () {}, { apply: () => { throw new Error('no'); }, get: () => 666 });",
        "crash",
      ],
      [
        "getter as an export",
        "to have code run when its exports are looked at",
        "Object.defineProperty(__vite_ssr_exports__, 'run', { get() { throw 1; } });",
        "invalid",
      ],
      ["no export", "to leave the scorer without a function", "const run = (x) => 2 * x;", "invalid"],
      [
        "error without prototype",
        "to break whoever describes its error",
        run("throw Object.create(null);"),
        "crash",
      ],
      [
        "error that throws",
        "to throw from its error's own text",
        run("throw { get name() { throw 1; }, get message() { throw 2; } };"),
        "crash",
      ],
      [
        "forged CandidateFailure",
        "to choose the reason of its failure",
        run("throw { name: 'CandidateFailure', reason: 'timeout', message: 'x' };"),
        "crash",
      ],
      [
        "rejected promise left behind",
        "to end the process by an unhandled rejection",
        run("Promise.reject(new Error('x')); return 2 * x;"),
        "no effect",
      ],
    ] as const
  ).map(([name, tries, code, ends]) => ({ kind: "forged replies", name, tries, code, ends })),

  // Floods
  ...(
    [
      ["huge result", "to send 20 MB", run("return 'x'.repeat(2e7);"), "invalid"],
      [
        "log flood",
        "to write a million lines",
        run("for (let i = 0; i < 1e6; i++) console.log(i, x); return 2 * x;"),
        "no effect",
      ],
      ["huge error", "to send 10 MB as an error", run("throw new Error('x'.repeat(1e7));"), "crash"],
      [
        "flood of rejections",
        "to make the process write a warning for each of 100,000 rejections",
        run("for (let i = 0; i < 1e5; i++) Promise.reject(i); return 2 * x;"),
        "no effect",
      ],
    ] as const
  ).map(([name, tries, code, ends]) => ({ kind: "output flood", name, tries, code, ends })),

  // The evaluator's answers
  {
    kind: "the answers",
    name: "arguments",
    tries: "to find more than its input among its arguments",
    code: run("return 2 * x + (arguments.length - 1);"),
    ends: "no effect",
  },
  {
    kind: "the answers",
    name: "the scorer's data",
    tries: "to find the scorer's data in globals",
    code: run(
      "return 2 * x + Object.getOwnPropertyNames(globalThis).filter((key) => /^(data|answer|score|expected)/.test(key)).length;",
    ),
    ends: "no effect",
  },
  {
    kind: "syntax",
    name: "broken code",
    tries: "to break the parser",
    code: "export function run( { return",
    ends: "syntax",
  },
  {
    kind: "syntax",
    name: "code after a wrapper",
    tries: "to close the function that its file is put into",
    code: `}); globalThis.process; (async function () { ${honest}`,
    ends: "syntax",
  },
  {
    kind: "syntax",
    name: "deep nesting",
    tries: "to overflow the stack of the parser",
    code: `export const run = (x) => ${"(".repeat(200_000)}x${")".repeat(200_000)};`,
    ends: "syntax",
  },
];
