/**
 * ONNX models through transformers.js: @huggingface/transformers, or @xenova/transformers where that is what is
 * installed. The model runs in a thread of a process of its own (src/llm/transformers/).
 */
import { checkWhole, type Model, UsageError } from "../core/index.ts";
import { type AdapterOptions, adapt } from "./adapter.ts";
import { findModel } from "./transformers/find-model.ts";
import { type Dtype, fileEndings } from "./transformers/messages.ts";
import { ModelProcess } from "./transformers/model-process.ts";

/** Options of `transformers`. */
export interface TransformersOptions extends AdapterOptions {
  /** How the weights are stored; default: fp32, else what the folder has; of a hub id, what the package takes. */
  readonly dtype?: Dtype;
  /** Threads of one forward pass; default: half of the cores. @huggingface/transformers only. */
  readonly threads?: number;
  /** Where to compute; default: cpu. @huggingface/transformers only. */
  readonly device?: string;
  /** The one package to use; default: @huggingface/transformers, else @xenova/transformers. */
  readonly package?: string;
}

const knownPackages = ["@huggingface/transformers", "@xenova/transformers"];
const defaultMaxTokens = 1024;

/**
 * A text-generation model in ONNX format: the path of a folder in the layout of transformers.js, which is
 * loaded without the network, or a hub id. Calls are answered one after the other. A request without a limit
 * gets 1024 tokens; without a temperature, what the model's generation_config.json says.
 */
export function transformers(model: string, options: TransformersOptions = {}): Model {
  const { dtype, threads, device = "cpu", package: only } = options;
  const where = `transformers model '${model}'`;
  if (dtype !== undefined && !Object.hasOwn(fileEndings, dtype)) {
    throw new UsageError(
      `${where}: dtype '${dtype}' is unknown; known: ${Object.keys(fileEndings).join(", ")}`,
    );
  }
  if (threads !== undefined) checkWhole(`${where}: threads`, threads, 1);
  return adapt({
    provider: "transformers",
    name: model,
    options: { ...options, maxTokens: options.maxTokens ?? defaultMaxTokens },
    keys: ["dtype", "threads", "device", "package"],
    parameters: { dtype, threads, device: options.device, package: only },
    concurrency: 1,
    asksForSize: true,
    async connect({ signal }) {
      const { size, ...found } = await findModel(model, dtype);
      const packages = only === undefined ? knownPackages : [only];
      const order = { type: "load", ...found, device, threads, packages } as const;
      const process = new ModelProcess(order, defaultMaxTokens);
      await process.load(signal);
      return { size, generate: (request) => process.generate(request), close: () => process.close() };
    },
  });
}
