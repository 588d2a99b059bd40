/** Programs that do not end, or take all the memory. */
import { type HostileProgram, honestCode, run } from "./hostile-program.ts";

export const hostileLoops: readonly HostileProgram[] = [
  // Endless loops
  ...(
    [
      ["endless loop", "to keep its thread for ever", run("for (;;);")],
      ["endless loop at load", "to hang before any function is called", `for (;;); ${honestCode}`],
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
        `const f = () => { Promise.resolve().then(f); }; f(); ${honestCode}`,
      ],
      ["promise that never settles", "to keep the scorer waiting", run("return new Promise(() => {});")],
      [
        "top-level await for ever",
        "to keep the loader waiting",
        `await new Promise(() => {}); ${honestCode}`,
      ],
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
        `const a = []; for (;;) a.push([a.length]); ${honestCode}`,
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
];
