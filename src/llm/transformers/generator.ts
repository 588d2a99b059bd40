/** What the thread of an ONNX model does: loads it, and answers one prompt after the other. */
import type { MessagePort } from "node:worker_threads";
import { answer } from "./answer.ts";
import { loadGenerator, messageOf, type TextGenerator } from "./library.ts";
import type { Notice, Order, Reply } from "./messages.ts";

/** Carries out the orders that come through a port. `stop` becomes 1 where an answer is to end. */
export function serve(
  port: MessagePort,
  stop: Int32Array,
  importPackage: (name: string) => Promise<unknown>,
): void {
  let generator: TextGenerator | undefined;
  const notify = (notice: Notice) => port.postMessage(notice);
  const carryOut = async (order: Order): Promise<Reply> => {
    if (order.type === "load") {
      generator = await loadGenerator(order, importPackage);
      return { type: "loaded" };
    }
    if (order.type !== "generate" || generator === undefined) throw new Error("no model is loaded");
    return answer(generator, order, {
      isStopped: () => Atomics.load(stop, 0) !== 0,
      onProgress: (text) => notify({ type: "progress", text }),
    });
  };
  port.on("message", (order: Order) => {
    carryOut(order).then(notify, (error) => notify({ type: "failed", message: messageOf(error) }));
  });
}
