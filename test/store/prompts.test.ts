import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CallRecord,
  type Candidate,
  type CandidateRecord,
  type Model,
  openToRead,
  type RunRecorder,
  readCall,
  readLosses,
  Store,
} from "../../src/index.ts";
import { PromptIds } from "../../src/store/prompt.ts";
import { scripted } from "../scripted-model.ts";
import { temporaryFolder } from "./folder.ts";
import { query } from "./tables.ts";

const free = scripted([]);
const paid = scripted([], { isDeterministic: false });

const callOf = (model: Model, request: CallRecord["request"]): CallRecord => ({
  ...{ role: "mutator", model, request, text: "an answer", inputTokens: 1, outputTokens: 1 },
  ...{ isEstimated: false, chainCost: 1, latencyMs: 0, attempt: 1, outcome: "ok", error: undefined },
});

const first: Candidate = {
  ...{ sequence: 0, generation: 0, parents: [], operator: "initial", changed: [] },
  genome: [{ name: "only", text: "" }],
};

/** Opens a run in a new store; `add` writes its next candidate, rejected unless told otherwise. */
function writing(path: string) {
  const store = new Store(path);
  const campaignId = store.addCampaign({
    ...{ name: "prompts", problem: "none", promptMode: "normal", config: {}, alleleVersion: "0" },
    createdAt: "",
  });
  const at = { campaignId, strategy: "only", size: 1, seed: 1, target: 10, startedAt: "" };
  const run: RunRecorder = store.startRun({ ...at, genome: first.genome });
  const base = {
    candidate: undefined,
    changes: new Map(),
    evaluation: undefined,
    evaluationMs: 0,
    calls: [],
  };
  const evaluation = { status: "ok", fitness: 0 } as const;
  run.candidate({
    ...{ ...base, head: { ...first, parents: [] }, status: "initial", rejectReason: undefined },
    ...{ candidate: first, evaluation },
  });
  let sequence = 0;
  const add = (record: Partial<CandidateRecord>, operator = "some") =>
    run.candidate({
      ...{ ...base, status: "rejected", rejectReason: undefined },
      head: { sequence: ++sequence, generation: 1, operator, parents: [first] },
      ...record,
    });
  return { store, run, add };
}

const anyText = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "b",
    "be brief",
    "before\0after",
    "naïve \u{1f9ec}",
    "\ud800 lone",
    "x".repeat(10_001),
  ),
  fc.string({ maxLength: 3 }),
);
const anyMessage = fc.record({ role: fc.constantFrom("user", "assistant"), text: anyText });
const anyRequest = fc.record(
  { system: anyText, messages: fc.array(anyMessage, { maxLength: 3 }), seed: fc.nat(), maxTokens: fc.nat() },
  { requiredKeys: ["messages"] },
);

describe("the prompts of a store", () => {
  it("are for every call what was sent, each kept once by the SHA-256 of its text", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), anyRequest), { minLength: 1, maxLength: 30 }), (asked) => {
        const path = join(temporaryFolder(), "store.sqlite");
        const { store, add } = writing(path);
        const requests = asked as [boolean, CallRecord["request"]][];
        for (const [isPaid, request] of requests) add({ calls: [callOf(isPaid ? paid : free, request)] });
        store.close();

        const reader = openToRead(path);
        for (const [index, [isPaid, { system, messages, ...settings }]] of requests.entries()) {
          const call = readCall(reader, index + 1);
          expect(call.prompt).toEqual({ system, messages });
          expect(call.settings).toEqual(isPaid ? settings : undefined);
          expect(call.response).toBe(isPaid ? "an answer" : undefined);
        }
        reader.close();
        const texts = requests.map(([, { system, messages }]) => JSON.stringify({ system, messages }));
        const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);
        expect(query(path, "SELECT lower(hex(hash)) AS hash, text FROM prompt ORDER BY id")).toEqual(
          [...new Set(texts)].map((text) => ({ hash: hashOf(text), text })),
        );
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it("come from plugins, which may send what is no prompt", () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const { store, add } = writing(path);
    for (const request of [{ prompt: "?" }, { messages: [{ role: "user" }] }, { messages: "?" }]) {
      add({ calls: [callOf(paid, request as unknown as CallRecord["request"])] });
    }
    store.close();
    expect(query(path, "SELECT text FROM prompt ORDER BY id").map(({ text }) => text)).toEqual([
      "{}",
      '{"messages":[{"role":"user"}]}',
      '{"messages":"?"}',
    ]);
  });
});

describe("the known ids of prompts", () => {
  const promptOf = (text: string, system?: string, role: "user" | "assistant" = "user") => ({
    ...{ system, messages: [{ role, text }] },
  });

  it("tell prompts of one text apart by their system text and role", () => {
    const ids = new PromptIds();
    ids.add(promptOf("a", "be brief"), 7);
    expect(ids.find(promptOf("a", "be brief"))).toBe(7);
    expect(ids.find(promptOf("a"))).toBeUndefined();
    expect(ids.find(promptOf("a", "be brief", "assistant"))).toBeUndefined();
    ids.add(promptOf("a"), 8);
    expect(ids.find(promptOf("a"))).toBe(8);
    expect(ids.find({ messages: [] })).toBeUndefined();
  });

  it("take a bounded room, and forget what was long ago", () => {
    const ids = new PromptIds();
    const text = (index: number) => `${index} `.padEnd(10_000, "?");
    for (let index = 0; index < 2000; index++) ids.add(promptOf(text(index)), index);
    const known = Array.from({ length: 2000 }, (_, index) => ids.find(promptOf(text(index))));
    const kept = known.filter((id) => id !== undefined);
    expect(known.at(-1)).toBe(1999);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(500); // 4,000,000 characters, and the one above
    ids.add(promptOf("x".repeat(10_001)), 1);
    expect(ids.find(promptOf("x".repeat(10_001)))).toBeUndefined();
  });
});

describe("a note", () => {
  const note = "Short names worked. \ud800";

  it("is kept with its candidate, also where that was announced before", () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const { store, run, add } = writing(path);
    run.begin({ sequence: 1, generation: 1, operator: "reflect", parents: [first] });
    add({ note }, "reflect");
    add({ note: "" }, "reflect");
    add({ rejectReason: "the model call failed" }, "reflect");
    store.close();
    const rows = "SELECT status, reject_reason, note FROM candidate WHERE sequence > 0 ORDER BY id";
    expect(query(path, rows)).toEqual([
      { status: "rejected", reject_reason: null, note: "Short names worked. \ufffd" },
      { status: "rejected", reject_reason: null, note: "" },
      { status: "rejected", reject_reason: "the model call failed", note: null },
    ]);
    expect(query(path, "SELECT candidates, rejected, notes FROM operator_summary")).toEqual([
      { candidates: 3, rejected: 1, notes: 2 },
    ]);
  });

  it("is no loss, and hides none", () => {
    const losses = (notes: number, lost: number, good: number) => {
      const path = join(temporaryFolder(), "store.sqlite");
      const { store, add } = writing(path);
      for (let count = 0; count < notes; count++) add({ note }, "reflect");
      for (let count = 0; count < lost; count++) add({ rejectReason: "unreadable" });
      const evaluation = { status: "ok", fitness: 1 } as const;
      for (let count = 0; count < good; count++) add({ status: "discarded", evaluation });
      store.close();
      const reader = openToRead(path);
      const found = readLosses(reader, 1);
      reader.close();
      return found;
    };
    expect(losses(9, 1, 1)).toEqual([]);
    expect(losses(9, 0, 0)).toEqual([]);
    expect(losses(9, 2, 1)).toEqual([{ strategy: "only", candidates: 3, lost: 2, reason: "unreadable" }]);
  });
});
