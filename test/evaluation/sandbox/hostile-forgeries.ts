/** Programs that tamper with the language, with other candidates, and with what they send. */
import { type HostileProgram, honestCode, run } from "./hostile-program.ts";

export const hostileForgeries: readonly HostileProgram[] = [
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
    code: `${code} ${honestCode}`,
    ends: "no effect" as const,
  })),
  {
    kind: "tampering",
    name: "Object.prototype.toJSON",
    tries: "to replace how every object is written",
    code: `Object.prototype.toJSON = () => 666; ${honestCode}`,
    ends: "no effect",
  },

  {
    kind: "tampering",
    name: "Promise species",
    tries: "to have its own class made by promises",
    code: `Object.defineProperty(Promise, Symbol.species, { value: Array }); Promise.prototype.constructor = Array; ${honestCode}`,
    ends: "crash",
  },
  {
    kind: "tampering",
    name: "getters on Promise",
    tries: "to run code whenever a promise is looked at",
    code: `Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 666; } }); ${honestCode}`,
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
    code: `${code} ${honestCode}`,
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
    code: `}); globalThis.process; (async function () { ${honestCode}`,
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
