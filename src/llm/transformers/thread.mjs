/**
 * The thread in which an ONNX model runs: loads what the thread does, also where this project runs unbuilt and
 * Node does not understand TypeScript.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
 * Imports a package that is installed beside this one, or where the user works; undefined when it is not.
 * @param {string} name
 * @returns {Promise<unknown>}
 */
async function importPackage(name) {
  try {
    return await import(name);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(`'${name}'`)) throw error;
  }
  let path = "";
  try {
    path = createRequire(join(process.cwd(), "package.json")).resolve(name);
  } catch {
    return undefined;
  }
  const found = await import(pathToFileURL(path).href);
  return "pipeline" in found ? found : found.default;
}

const { serve } = await loadGenerator();
serve(parentPort, workerData.stop, importPackage);
