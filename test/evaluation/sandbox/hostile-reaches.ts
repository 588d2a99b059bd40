/** Programs that reach for the process and the machine that they run on. */
import { type HostileProgram, honestCode, run } from "./hostile-program.ts";

export const hostileReaches: readonly HostileProgram[] = [
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
      ["import of a package", "to load a package of the host", `import "piscina"; ${honestCode}`],
      [
        "import from outside",
        "to load a file outside the solution",
        `import "../../../../package.json"; ${honestCode}`,
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
];
