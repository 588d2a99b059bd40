/** Finds out what the name of an ONNX model means, and says what is missing in its folder. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ModelError } from "../../core/index.ts";
import { type Dtype, fileEndings } from "./messages.ts";

/** A folder, with the file to load, or a hub id, of which nothing more is known. */
export interface FoundModel {
  /** Absolute path, or hub id. */
  readonly model: string;
  readonly isFolder: boolean;
  /** Name of the ONNX file without what `dtype` and the format add. */
  readonly file?: string;
  readonly dtype?: Dtype;
  /** The chat template that newer exports keep in a file of its own, which the packages do not read. */
  readonly template?: string | undefined;
  /** m: billions of parameters; undefined where the files do not tell. */
  readonly size?: number | undefined;
}

/** Kinds of weights in the order in which they are taken where the user names none. */
const dtypes = Object.keys(fileEndings) as Dtype[];
/** What the network's file is called, by newer exports and by older ones. */
const fileNames = ["model", "decoder_model_merged"];
/** Bytes per parameter; the kinds that are not listed mix several. */
const bytesPerParameter: Readonly<Partial<Record<Dtype, number>>> = {
  ...{ fp32: 4, fp16: 2, q8: 1, int8: 1, uint8: 1 },
};

/** Finds a model by its name: the path of a folder, or else a hub id. Throws a fatal ModelError. */
export async function findModel(name: string, wanted: Dtype | undefined): Promise<FoundModel> {
  const path = resolve(name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    if (/^[\w-][\w.-]*\/[\w.-]+$/.test(name)) return { model: name, isFolder: false, ...dtypeOf(wanted) };
    throw fatal(
      `Folder '${path}' does not exist; expected a folder, or a hub id such as onnx-community/NAME`,
    );
  }
  if (!found.isDirectory())
    throw fatal(`'${path}' is no folder; name the one that holds config.json and onnx/`);
  const inside = await list(path);
  const missing = ["config.json", "tokenizer.json", "onnx"].filter((file) => !inside.includes(file));
  if (missing.length > 0) {
    throw fatal(`Folder '${path}' has no ${missing.join(", no ")}; expected an export for transformers.js`);
  }
  const files = await list(join(path, "onnx"));
  for (const file of fileNames) {
    const there = dtypes.filter((dtype) => files.includes(`${file}${fileEndings[dtype]}.onnx`));
    const [first] = there;
    if (first === undefined) continue;
    const dtype = wanted ?? first;
    if (!there.includes(dtype)) {
      const expected = `onnx/${file}${fileEndings[dtype]}.onnx for dtype ${dtype}`;
      throw fatal(`Folder '${path}' has no ${expected}; it has the dtypes ${there.join(", ")}`);
    }
    const size = await sizeOf(join(path, "onnx"), files, file, [dtype, ...there]);
    const template = await readFile(join(path, "chat_template.jinja"), "utf8").catch(() => undefined);
    return { model: path, isFolder: true, file, dtype, template, size };
  }
  throw fatal(
    `Folder '${join(path, "onnx")}' has no model.onnx, nor one of another dtype; it has: ${files.join(", ") || "nothing"}`,
  );
}

/**
 * Billions of parameters, from the length of the first file whose weights all take the same room, those that
 * it keeps in files of their own included. The graph is counted in: below 1 % for models of any use.
 */
async function sizeOf(
  folder: string,
  files: readonly string[],
  file: string,
  candidates: readonly Dtype[],
): Promise<number | undefined> {
  for (const dtype of candidates) {
    const bytesEach = bytesPerParameter[dtype];
    if (bytesEach === undefined) continue;
    const start = `${file}${fileEndings[dtype]}.onnx`;
    const parts = files.filter((name) => name === start || name.startsWith(`${start}_data`));
    const sizes = await Promise.all(parts.map(async (name) => (await stat(join(folder, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0) / bytesEach / 1e9;
  }
  return undefined;
}

async function list(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

function dtypeOf(dtype: Dtype | undefined): { readonly dtype?: Dtype } {
  return dtype === undefined ? {} : { dtype };
}

function fatal(message: string): ModelError {
  return new ModelError(message, { isFatal: true });
}
