/** Reads what a command says of its candidate. File and output are hostile: nothing in them throws. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { FailureReason } from "../../core/index.ts";
import { line, type Section } from "./feedback.ts";

/** What a command reported. */
export interface Report {
  /** All numbers of the result by name; those that are not finite are NaN. */
  readonly metrics: ReadonlyMap<string, number>;
  /** Whether it says that the candidate failed. */
  readonly isFailed: boolean;
  readonly reason: FailureReason | undefined;
  /** Its error, feedback and artifacts. */
  readonly sections: readonly Section[];
}

/** A report, or in one sentence why there is none. */
export type ResultReading = Report | { readonly problem: string };

const reasons: readonly FailureReason[] = ["syntax", "timeout", "memory", "crash", "invalid", "forbidden"];

const mostMetrics = 200;
const mostArtifacts = 20;
/** Lines that are tried as JSON: a failed try is slow, and a candidate can write a million of them. */
const mostLines = 1000;

/**
 * Reads the result file when it was written, else the last line of the output that is a JSON object.
 * `mostBytes` bounds the file.
 */
export async function readResult(path: string, stdout: string, mostBytes: number): Promise<ResultReading> {
  const file = await readResultFile(path, mostBytes);
  if (typeof file === "object") return file;
  if (file.trim() !== "") {
    const value = parseObject(file);
    return value === undefined ? { problem: "The result file holds no JSON object." } : reportOf(value);
  }
  const likely = stdout.split("\n").filter(looksLikeObject).slice(-mostLines);
  for (const text of likely.reverse()) {
    const value = parseObject(text);
    if (value !== undefined) return reportOf(value);
  }
  return {
    problem: "The command gave no result: no file at ALLELE_RESULT, and no line of JSON on standard output.",
  };
}

/** The text of the file, empty when it is not there. */
async function readResultFile(path: string, mostBytes: number): Promise<string | { problem: string }> {
  let handle: FileHandle | undefined;
  try {
    // A link could lead to a file of the machine, and opening a pipe could wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    if (!stats.isFile()) return { problem: "The result file is not a regular file." };
    if (stats.size > mostBytes) return { problem: `The result file is larger than ${mostBytes} bytes.` };
    const buffer = Buffer.alloc(stats.size);
    let length = 0;
    for (let count = 1; count > 0 && length < buffer.length; length += count) {
      ({ bytesRead: count } = await handle.read(buffer, length, buffer.length - length));
    }
    return buffer.toString("utf8", 0, length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    return { problem: "The result file is not a regular file that can be read." };
  } finally {
    await handle?.close();
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON object; NaN and Infinity, which Python writes, become null. Undefined for anything else. */
function parseObject(text: string): JsonObject | undefined {
  if (!looksLikeObject(text)) return undefined;
  const trimmed = text.trim();
  return parse(trimmed, (json) => json) ?? parse(trimmed, withoutNonFinite);
}

function looksLikeObject(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith("{") && trimmed.endsWith("}");
}

function parse(text: string, prepare: (text: string) => string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(prepare(text));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes null for NaN and Infinity, but not within strings: these match first, and stay. */
function withoutNonFinite(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"?|-?\b(?:NaN|Infinity)\b/gs, (match) =>
    match.startsWith('"') ? match : "null",
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads both shapes: `{"fitness", "metrics", "feedback", ...}`, and a flat object of metrics. */
function reportOf(result: JsonObject): Report {
  const own = (name: string) => (Object.hasOwn(result, name) ? result[name] : undefined);
  const [nested, artifacts, error, reason] = ["metrics", "artifacts", "error", "reason"].map(own);
  const metrics = new Map<string, number>();
  for (const group of [isObject(nested) ? nested : {}, result]) {
    for (const [name, value] of Object.entries(group)) {
      if (metrics.size < mostMetrics && !metrics.has(name) && isMeasure(value)) {
        metrics.set(name, Number.isFinite(value) ? Number(value) : Number.NaN);
      }
    }
  }
  return {
    metrics,
    isFailed: own("status") === "failed",
    reason: reasons.find((known) => known === reason),
    sections: [
      ...(typeof error === "string" ? [{ label: "Error", text: error, keep: "ends" as const }] : []),
      ...textSection(own("feedback")),
      ...artifactSections(isObject(artifacts) ? artifacts : {}),
    ],
  };
}

/** Numbers, and the nulls that stand for numbers that JSON cannot write; booleans and text are no metrics. */
function isMeasure(value: unknown): value is number | null {
  return typeof value === "number" || value === null;
}

function textSection(feedback: unknown): Section[] {
  if (feedback === undefined || feedback === null) return [];
  return [{ text: textOf(feedback), keep: "ends" }];
}

function artifactSections(artifacts: JsonObject): Section[] {
  const entries = Object.entries(artifacts);
  const sections = entries
    .slice(0, mostArtifacts)
    .map(
      ([name, value]): Section => ({ label: line(name) || "artifact", text: textOf(value), keep: "ends" }),
    );
  const rest = entries.length - sections.length;
  return rest > 0 ? [...sections, { text: `(${rest} more artifacts)`, keep: "ends" }] : sections;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deep to show)";
  }
}
