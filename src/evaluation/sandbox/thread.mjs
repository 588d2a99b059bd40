/**
 * The entry of a worker thread: loads what the thread does, also where this project runs unbuilt and Node does
 * not understand TypeScript.
 */
import { workerData } from "node:worker_threads";

/** @returns {Promise<{ default: Function }>} */
async function load() {
  /** @type {string} */
  const url = workerData.worker;
  if (!url.endsWith(".ts")) return import(url);
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url).import(url);
}

export default (await load()).default;
