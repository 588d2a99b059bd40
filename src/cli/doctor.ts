/** `allele doctor`: checks what this machine can do, and says how to get what is missing. */
import { execFile } from "node:child_process";
import { binPacking } from "../../problems/bin-packing/problem.ts";
import { abortable } from "../core/index.ts";
import { whyNoBubblewrap } from "../evaluation/bubblewrap.ts";
import { Evaluators } from "../evaluation/evaluators.ts";
import { findOllama } from "../llm/ollama.ts";
import { readModel, shownModelText } from "../read-model.ts";
import { Database } from "../store/index.ts";
import { version } from "../version.ts";
import { exitCode } from "./exit-code.ts";
import { heading, paint, wrap } from "./text.ts";

/** Options of `allele doctor`. */
export interface DoctorOptions {
  /** Models to reach or load. */
  readonly model?: readonly string[];
  readonly json?: boolean;
}

/** Where the text of a check stands, behind its status. */
const fixIndent = "          ";
/** Time for a model to get ready and to answer, unless its text says otherwise. */
const modelTimeoutMs = 120_000;

/** What one check found. `missing` is fine until it is needed; `broken` is not. */
interface Finding {
  readonly check: string;
  readonly status: "ok" | "missing" | "broken";
  readonly found: string;
  /** How to get or mend it; undefined when there is nothing to do. */
  readonly fix?: string | undefined;
}

/** A group of checks, each begun when its turn comes. */
type Checks = readonly (() => Finding | Promise<Finding>)[];

/** Checks everything; returns 0 when what every campaign needs is there and every named model answers. */
export async function doctor({ model = [], json = false }: DoctorOptions): Promise<number> {
  const groups: Readonly<Record<string, Checks>> = {
    "this machine": [checkNode, checkStore, checkBubblewrap, checkSandbox, checkPython],
    "where models run": [
      checkOllama,
      () => checkKey("OpenAI", "OPENAI_API_KEY"),
      () => checkPackage("ONNX models", ["@huggingface/transformers", "@xenova/transformers"]),
      () => checkPackage("GGUF models", ["node-llama-cpp"]),
    ],
    "models asked for": model.map((text) => () => checkModel(text)),
  };
  const findings: Finding[] = [];
  for (const [name, checks] of Object.entries(groups)) {
    if (checks.length > 0 && !json) console.log(heading(name));
    for (const check of checks) {
      const finding = await check();
      findings.push(finding);
      if (!json) console.log(line(finding));
    }
  }
  if (json) console.log(JSON.stringify({ version, checks: findings }, null, 2));
  return findings.some(({ status }) => status === "broken") ? exitCode.error : exitCode.done;
}

function line({ check, status, found, fix }: Finding): string {
  const style = { ok: "green", missing: "dim", broken: "red" } as const;
  const text = wrap(`${check}: ${found}`, fixIndent).slice(fixIndent.length);
  const first = `  ${paint(style[status], status.padEnd(7))} ${text}`;
  return fix === undefined ? first : `${first}\n${wrap([{ text: fix, style: "dim" }], fixIndent)}`;
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isGood = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24;
  return {
    check: "Node",
    status: isGood ? "ok" : "broken",
    found: `${process.versions.node} on ${process.platform} ${process.arch}`,
    fix: isGood
      ? undefined
      : "install Node 24, 22 (22.13 or newer) or 20 (20.19 or newer): https://nodejs.org",
  };
}

function checkStore(): Finding {
  try {
    const store = new Database(":memory:");
    const { version: sqlite } = store.prepare("SELECT sqlite_version() AS version").get() as {
      version: string;
    };
    store.close();
    return { check: "SQLite", status: "ok", found: sqlite };
  } catch (error) {
    const fix = "install again, and let its scripts run: npm install --include=optional";
    return { check: "SQLite", status: "broken", found: messageOf(error), fix };
  }
}

async function checkBubblewrap(): Promise<Finding> {
  const problem = await whyNoBubblewrap();
  return {
    check: "bubblewrap, the wall around untrusted code",
    status: problem === undefined ? "ok" : "missing",
    found: problem ?? "works",
    fix:
      problem === undefined
        ? undefined
        : "Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf install bubblewrap; where the system forbids it, " +
          "docs/security.md says what can be done. Without it, programs run only with --unsafe-sandbox.",
  };
}

/** Scores a real program in the sandbox, as every problem that evolves JavaScript does. */
async function checkSandbox(): Promise<Finding> {
  const evaluators = new Evaluators({ threads: 1, unsafeSandbox: true });
  try {
    const instance = binPacking().instance({ size: 1, seed: 1 });
    const startedAt = performance.now();
    const evaluator = evaluators.forRun(instance, () => performance.now());
    const { evaluation } = await evaluator.evaluate(instance.components, AbortSignal.timeout(60_000), true);
    const ms = Math.round(performance.now() - startedAt);
    if (evaluation.status === "ok") {
      return {
        check: "sandbox for JavaScript",
        status: "ok",
        found: `scored a program in ${ms} ms, start included`,
      };
    }
    const found = `a program that works failed (${evaluation.reason}): ${evaluation.feedback ?? ""}`;
    return { check: "sandbox for JavaScript", status: "broken", found };
  } catch (error) {
    return { check: "sandbox for JavaScript", status: "broken", found: messageOf(error) };
  } finally {
    await evaluators.close();
  }
}

function checkPython(): Promise<Finding> {
  const check = "Python, for evaluators of OpenEvolve and ShinkaEvolve";
  return new Promise((resolve) => {
    execFile("python3", ["--version"], { timeout: 10_000 }, (error, stdout) => {
      if (error === null) resolve({ check, status: "ok", found: stdout.trim() });
      else
        resolve({ check, status: "missing", found: "python3 was not found", fix: "apt-get install python3" });
    });
  });
}

async function checkOllama(): Promise<Finding> {
  const { url, models, problem } = await findOllama(process.env, AbortSignal.timeout(5000));
  if (models === undefined) {
    const fix = "install it from https://ollama.com and start it with 'ollama serve', or set OLLAMA_HOST";
    return { check: `Ollama at ${url}`, status: "missing", found: problem ?? "does not answer", fix };
  }
  if (models.length > 0) {
    return { check: `Ollama at ${url}`, status: "ok", found: `models ${models.join(", ")}` };
  }
  return {
    check: `Ollama at ${url}`,
    status: "missing",
    found: "no models",
    fix: "ollama pull qwen2.5-coder:7b",
  };
}

function checkKey(name: string, variable: string): Finding {
  const isSet = Boolean(process.env[variable]);
  return {
    check: `${name}'s key`,
    status: isSet ? "ok" : "missing",
    found: isSet ? `${variable} is set` : `${variable} is not set`,
    fix: isSet ? undefined : `export ${variable}=..., where you want to use ${name}'s own server`,
  };
}

async function checkPackage(check: string, names: readonly string[]): Promise<Finding> {
  for (const name of names) {
    try {
      import.meta.resolve(name);
      return { check, status: "ok", found: `${name} is installed` };
    } catch {} // the next one may be there
  }
  const [first = ""] = names;
  return { check, status: "missing", found: `${first} is not installed`, fix: `npm install ${first}` };
}

/** Makes a model ready and asks it for a word. */
async function checkModel(text: string): Promise<Finding> {
  const check = shownModelText(text);
  try {
    const { model } = readModel(text);
    const signal = AbortSignal.timeout(model.calls?.timeoutMs ?? modelTimeoutMs);
    const preparing = model.prepare?.({ environment: process.env, signal });
    const ready = (preparing && (await abortable(preparing, signal))) ?? model;
    try {
      const startedAt = performance.now();
      const messages = [{ role: "user", text: "Answer with the word: ready" }] as const;
      const asked = ready.generate({ messages, maxTokens: 64, seed: 1, signal });
      const answer = await abortable(asked, signal);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const counts = `${answer.inputTokens ?? "unknown"} tokens in, ${answer.outputTokens ?? "unknown"} out`;
      return {
        check,
        status: "ok",
        found: `answered in ${seconds} s; size m ${ready.size}; ${counts}`,
      };
    } finally {
      await ready.close?.();
    }
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const found = isLate ? "does not answer in time; ',timeout=300' gives it 300 seconds" : messageOf(error);
    return { check, status: "broken", found };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
