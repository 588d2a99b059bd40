/** `allele show --prompt`: what one call sent, word for word, and what came of it. */
import { type Connection, readCall, type StoredCall } from "../store/index.ts";
import { duration, harmless, heading, number, wrap } from "./text.ts";

/** A report on standard output, as data and as a page. */
export interface Report {
  readonly data: unknown;
  text(): string;
}

/** Describes a call. Throws a UsageError where the store does not hold it. */
export function describeCall(store: Connection, id: number): Report {
  const call = readCall(store, id);
  return {
    data: call,
    text: () => [...promptLines(call), ...callLines(call), ...answerLines(call)].join("\n"),
  };
}

function promptLines({ prompt }: StoredCall): readonly string[] {
  if (prompt === undefined) {
    return [wrap("What was sent is not kept: an older Allele wrote this call, of a free model.", ""), ""];
  }
  const { system, messages = [] } = prompt;
  const parts = [...(system === undefined ? [] : [{ role: "system", text: system }]), ...messages];
  return parts.flatMap(({ role, text }) => [heading(title(String(role))), block(text), ""]);
}

function title(role: string): string {
  return role.slice(0, 1).toUpperCase() + role.slice(1);
}

/** A text as it is, but for what could steer a terminal. */
function block(text: unknown): string {
  const shown = harmless(typeof text === "string" ? text : (JSON.stringify(text) ?? ""));
  return shown.endsWith("\n") ? shown.slice(0, -1) : shown;
}

function callLines(call: StoredCall): readonly string[] {
  const { id, run, candidate, role, model, settings, outcome, error, attempt, usd, latencyMs } = call;
  const of = `run ${run.id}: ${run.strategy}, k = ${run.size}, seed ${run.seed}`;
  const rows = [
    ["model", `${model.name} of provider ${model.provider}, size ${number(model.size)}`],
    ["role", role],
    [
      "candidate",
      candidate === undefined
        ? `none: for the whole of ${of}`
        : `${candidate.id} (${candidate.operator}, ${candidate.isNote ? "a note" : candidate.status}), number ${candidate.sequence} of ${of}`,
    ],
    ["tokens", tokensText(call)],
    ...settingRows(settings),
    ["attempt", String(attempt)],
    ["outcome", `${outcome}${error === undefined ? "" : `: ${error}`}`],
    ["time", duration(latencyMs)],
    ...(usd === undefined ? [] : [["US dollars", String(usd)]]),
  ];
  const lines = rows.map(([name = "", text = ""]) =>
    wrap(text, name.padEnd(13), { hanging: " ".repeat(13) }),
  );
  return [heading(`Call ${id}`), ...lines, ""];
}

function tokensText({ inputTokens, outputTokens, isEstimated }: StoredCall): string {
  if (inputTokens === undefined || outputTokens === undefined) return "not counted";
  const by = isEstimated ? ", counted by a tokenizer" : "";
  return `${inputTokens} read, ${outputTokens} written${by}`;
}

/** How settings are called on the page. */
const settingNames = {
  temperature: "temperature",
  maxTokens: "most tokens",
  seed: "seed",
  stop: "stop",
} as const;

function settingRows(settings: StoredCall["settings"]): readonly (readonly string[])[] {
  if (settings === undefined) return [["settings", "not kept for a free model"]];
  return Object.entries(settingNames).map(([key, name]) => {
    const value = settings[key as keyof typeof settingNames];
    if (value === undefined) return [name, "left to the model"];
    return [name, JSON.stringify(value).replaceAll(" ", "\u00a0")]; // spaces of stop texts stay
  });
}

function answerLines({ response, model, outcome }: StoredCall): readonly string[] {
  const hasFailed = outcome === "error" || outcome === "aborted";
  if (response !== undefined) {
    return [heading(hasFailed ? "What had come of the answer" : "Answer"), block(response)];
  }
  if (hasFailed) return [wrap("No answer came.", "")];
  return [wrap(`The answer is not kept: model '${model.name}' is free and gives the same one again.`, "")];
}
