/**
 * The process in which an ONNX model runs. Its own thread only passes messages on, so that it hears them while
 * another thread computes; that thread is never ended by itself: ONNX Runtime aborts the process if it is (seen
 * with 1.14 and 1.30). So whoever wants it to end kills this process.
 */
import { Worker } from "node:worker_threads";

const stop = new Int32Array(new SharedArrayBuffer(4));
const thread = new Worker(new URL("thread.mjs", import.meta.url), {
  workerData: { generator: process.argv[2], stop },
});

/** @param {string} reason */
function fail(reason) {
  process.stderr.write(`${reason}\n`, () => process.exit(1));
}

thread.on("message", (notice) => process.send?.(notice));
thread.on("error", (error) => fail(error.message));
thread.on("exit", (code) => fail(`its thread ended with code ${code}`));
process.on("message", (order) => {
  const isStop = /** @type {{ type: string }} */ (order).type === "stop";
  Atomics.store(stop, 0, isStop ? 1 : 0);
  if (!isStop) thread.postMessage(order);
});
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// A terminal interrupts all processes; the one that started this one decides.
process.on("SIGINT", () => {});
