/**
 * The thread in which an ONNX model runs: loads what the thread does, also where this project runs unbuilt and
 * Node does not understand TypeScript.
 */
import { parentPort, workerData } from "node:worker_threads";

/** @returns {Promise<{ serve: Function }>} */
async function loadGenerator() {
  /** @type {string} */
  const url = workerData.generator;
  if (!url.endsWith(".ts")) return import(url);
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url).import(url);
}

/**
 * Imports a package that is installed where this one is; undefined when it is not. Never from the user's working
 * folder: that may be a stranger's.
 * @param {string} name
 * @returns {Promise<unknown>}
 */
async function importPackage(name) {
  try {
    return await import(name);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}

const { serve } = await loadGenerator();
serve(parentPort, workerData.stop, importPackage);
