/**
 * Measures how deep a text is nested before the parser sees it in this thread: the parser recurses, and some
 * thousand open brackets would end the whole process. It parses in a thread of its own, whose stack is large.
 */
import { createRequire } from "node:module";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { ParserOptions } from "oxc-parser";
import type { SyntaxFault } from "./syntax.ts";

/** Levels of the syntax tree that are taken; programs have a few dozen, the parser ends the process at thousands. */
const mostLevels = 500;
/** Texts of fewer tokens cannot be nested deep enough to do harm. */
const harmlessTokens = 1000;
/** Longest text that the thread can parse however it is nested: a level takes less than 4 kB of its stack. */
const mostCharacters = 200_000;
const stackMb = 1024;
const patienceMs = 2000;

/** Says why the parser must not read a text in this thread: it is too deep or too long, or no syntax at all. */
export function findDepthFault(path: string, text: string, options: ParserOptions): SyntaxFault | undefined {
  const tokens = /\w+|[^\s\w]/g;
  let count = 0;
  while (count < harmlessTokens && tokens.test(text)) count += 1;
  if (count < harmlessTokens) return undefined;
  if (text.length > mostCharacters) {
    return { message: `the text is longer than ${mostCharacters} characters`, offset: 0 };
  }
  // Most are seen at once; some of them would take the parser minutes.
  if (openBrackets(text) > mostLevels) return tooDeep;
  const { levels, fault } = measure(path, text, options);
  return fault !== undefined || levels <= mostLevels ? fault : tooDeep;
}

const tooDeep: SyntaxFault = { message: `the text is nested deeper than ${mostLevels} levels`, offset: 0 };

/** Most brackets open at once, those in comments and strings taken for brackets, too. */
function openBrackets(text: string): number {
  let open = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[([{)\]}]/g)) {
    open = "([{".includes(bracket) ? open + 1 : Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  return most;
}

const program = `
const { workerData: { port, done, parser } } = require("node:worker_threads");
const { parseSync, visitorKeys } = require(parser);
function levelsOf(program) {
  let levels = 0;
  for (let row = [program]; row.length > 0; levels++) {
    row = row.flatMap((node) => (visitorKeys[node.type] ?? []).flatMap((key) => node[key] ?? []).filter(Boolean));
  }
  return levels;
}
port.on("message", ({ path, text, options }) => {
  let result = { levels: Infinity };
  try {
    // Parentheses are levels for the parser.
    const { program, errors } = parseSync(path, text, { ...options, preserveParens: true });
    const error = errors.find(({ severity }) => severity === "Error");
    result = error === undefined
      ? { levels: levelsOf(program) }
      : { levels: 0, fault: { message: error.message, offset: error.labels[0]?.start ?? 0 } };
  } catch {}
  port.postMessage(result);
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});
`;

let thread: { readonly worker: Worker; readonly port: MessagePort; readonly done: Int32Array } | undefined;

function open() {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const parser = createRequire(import.meta.url).resolve("oxc-parser");
  const worker = new Worker(program, {
    eval: true,
    workerData: { port: port2, done, parser },
    transferList: [port2],
    resourceLimits: { stackSizeMb: stackMb },
  });
  worker.on("error", () => {}); // then it does not answer, and the text is refused
  worker.unref();
  port1.unref();
  return { worker, port: port1, done };
}

interface Measure {
  /** Infinite where it takes too long to find out. */
  readonly levels: number;
  readonly fault?: SyntaxFault;
}

function measure(path: string, text: string, options: ParserOptions): Measure {
  thread ??= open();
  const { worker, port, done } = thread;
  Atomics.store(done, 0, 0);
  port.postMessage({ path, text, options });
  if (Atomics.wait(done, 0, 0, patienceMs) === "timed-out") {
    thread = undefined;
    worker.terminate().catch(() => {}); // once the parser lets go
    return { levels: Number.POSITIVE_INFINITY };
  }
  return receiveMessageOnPort(port)?.message as Measure;
}
