/** Turns what a candidate threw into a reason and a text for the next prompt. */
import { CandidateFailure, type FailureReason } from "../../core/index.ts";

/** Names that programs for Node or a browser use and that a candidate has not. */
const hostNames = new Set([
  ...["process", "require", "module", "exports", "global", "Buffer", "__dirname", "__filename"],
  ...["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "navigator", "window", "document", "self"],
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "queueMicrotask"],
  ...["Deno", "Bun", "Worker", "importScripts", "postMessage", "MessageChannel", "localStorage"],
  ...["SharedArrayBuffer", "Atomics", "WebAssembly", "FinalizationRegistry", "WeakRef", "gc"],
]);

const memoryErrors =
  /^(Invalid (string|array|typed array|array buffer|BigInt) length|Array buffer allocation failed|Maximum BigInt size exceeded|(Map|Set) maximum size exceeded|Out of memory)/i;

/** The failure of a candidate that threw an error of this name with this message; both may be forged. */
export function failureOf(where: string, name: string, message: string): CandidateFailure {
  const text = name === "" ? message : `${name}: ${message}`;
  return new CandidateFailure(reasonOf(name, message), `${where} ${text.slice(0, 2000)}`);
}

function reasonOf(name: string, message: string): FailureReason {
  if (name === "ReferenceError") {
    const missing = /^(\S+) is not defined$/.exec(message)?.[1];
    if (missing !== undefined && hostNames.has(missing)) return "forbidden";
  }
  if (name === "EvalError" && message.startsWith("Code generation from strings disallowed"))
    return "forbidden";
  if (name === "RangeError" && memoryErrors.test(message)) return "memory";
  return "crash";
}
