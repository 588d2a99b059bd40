import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  defineCampaign,
  defineOperator,
  greedy,
  ModelError,
  type Operator,
  openToRead,
  proposed,
  readRunCosts,
  rejected,
  simulated,
} from "../../src/index.ts";
import { startChild } from "./children/child.ts";
import { temporaryFolder } from "./folder.ts";
import { paidModel } from "./paid-model.ts";
import { query, type Row } from "./tables.ts";
import { runInto } from "./variety.ts";

const newestCall = `SELECT k.outcome, k.error, p.text AS prompt, k.request, k.response, k.input_tokens,
  k.output_tokens, k.usd, c.sequence, c.status FROM llm_call k JOIN candidate c ON c.id = k.candidate_id
  JOIN prompt p ON p.id = k.prompt_id ORDER BY k.id DESC LIMIT 1`;

/** Asks the mutator once and looks at the store through a connection of its own before it uses the answer. */
function watching(path: string, seen: Row[]): Operator {
  return defineOperator({
    name: "watching",
    scope: "global",
    roles: ["mutator"],
    async propose({ models }) {
      const look = () => {
        const reader = openToRead(path);
        seen.push(reader.prepare<[], Row>(newestCall).get() ?? {});
        reader.close();
      };
      try {
        const request = {
          system: "be brief",
          messages: [{ role: "user", text: "naïve?" }],
          maxTokens: 9,
        } as const;
        const { text } = await models.mutator.generate(request);
        look();
        return proposed(new Map([[0, text]]));
      } catch (error) {
        if (error instanceof ModelError) look();
        throw error;
      }
    },
  });
}

const campaignOf = (operator: Operator, models: Parameters<typeof defineCampaign>[0]["models"], calls = 3) =>
  defineCampaign({
    ...{ name: "paid", problem: "blocks", sizes: [30], seeds: 1, runBudget: { calls }, inFlight: 1 },
    ...(models === undefined ? {} : { models }),
    strategies: { only: { operators: [operator] } },
  });

describe("a call of a paid model", () => {
  it("is committed with its request and response before its answer is used", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const seen: Row[] = [];
    const model = paidModel();
    await runInto(path, campaignOf(watching(path, seen), { mutator: model }));

    expect(model.requests).toHaveLength(3);
    const expected = model.requests.map(({ signal, system, messages, ...settings }, index) => ({
      ...{ outcome: "ok", error: null, prompt: JSON.stringify({ system, messages }) },
      ...{ request: JSON.stringify(settings), response: `answer ${index + 1}\n` },
      ...{ input_tokens: 100, output_tokens: index + 1, usd: (100 + 10 * (index + 1)) / 1e6 },
      ...{ sequence: index + 1, status: "proposed" },
    }));
    expect(seen).toEqual(expected);
    expect(JSON.parse(String(seen[0]?.prompt))).toEqual({
      ...{ system: "be brief", messages: [{ role: "user", text: "naïve?" }] },
    });
    expect(JSON.parse(String(seen[0]?.request))).toEqual({ maxTokens: 9, seed: expect.any(Number) });
    expect(query(path, newestCall)).toEqual([{ ...expected[2], status: "discarded" }]);
  });

  it("is committed as well when it fails, and costs nothing", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const seen: Row[] = [];
    await runInto(path, campaignOf(watching(path, seen), { mutator: paidModel({ failing: [2] }) }));
    const [, failed] = seen;
    expect(failed).toMatchObject({
      ...{ outcome: "error", error: "the line to call 2 is dead", response: null, sequence: 2 },
      ...{ input_tokens: null, output_tokens: null, usd: null },
    });
    expect(query(path, "SELECT status, reject_reason FROM candidate WHERE sequence = 2")).toEqual([
      {
        status: "rejected",
        reject_reason: "Model 'paid' of provider scripted failed: the line to call 2 is dead",
      },
    ]);
    // n = 100 and t = 1 and 3 were counted: m = 2 times 100 + 0, and 300 + 3.
    expect(query(path, "SELECT calls, primitives, primitive_cost, usd FROM run_cost")).toEqual([
      { calls: 3, primitives: 4, primitive_cost: 2 * (100 + 303), usd: expect.closeTo(240e-6, 12) },
    ]);
  });

  it("survives kill -9, with its candidate", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const child = startChild("die-after-answer.ts", path);
    expect(await child.ended()).toEqual({ code: null, signal: "SIGKILL" });
    const calls = query(
      path,
      `SELECT c.sequence, c.status, k.response FROM llm_call k JOIN candidate c ON c.id = k.candidate_id
       ORDER BY k.id`,
    );
    expect(calls.map(({ sequence, response }) => ({ sequence, response }))).toEqual(
      [1, 2, 3].map((number) => ({ sequence: number, response: `answer ${number}\n` })),
    );
    expect(calls[2]?.status).toBe("proposed");
    expect(query(path, "SELECT status, stop_reason FROM run")).toEqual([
      { status: "running", stop_reason: null },
    ]);
    expect(query(path, "PRAGMA foreign_key_check")).toEqual([]);
  });
});

describe("a call of a deterministic model", () => {
  it("is kept with its prompt, without settings and response", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    await runInto(path, campaignOf(watching(path, []), { mutator: simulated() }));
    const [row] = query(path, newestCall);
    expect(row).toMatchObject({ outcome: "ok", request: null, response: null, usd: null });
    expect(row?.output_tokens).toBeGreaterThan(0);
    expect(JSON.parse(String(row?.prompt))).toEqual({
      ...{ system: "be brief", messages: [{ role: "user", text: "naïve?" }] },
    });
  });
});

describe("a candidate that a budget stops between two calls", () => {
  const twice = defineOperator({
    name: "twice",
    scope: "global",
    roles: ["developer", "qa"],
    async propose({ models }) {
      const messages = [{ role: "user", text: "?" }] as const;
      await models.developer.generate({ messages });
      await models.qa.generate({ messages });
      return rejected("two calls are all it does");
    },
  });
  it.each([
    ["deterministic", simulated(), simulated()],
    ["paid", paidModel(), paidModel()],
    ["mixed", paidModel(), simulated()],
    ["mixed the other way", simulated(), paidModel()],
  ])("keeps the call that was made: %s", async (_kind, developer, qa) => {
    const path = join(temporaryFolder(), "store.sqlite");
    await runInto(path, campaignOf(twice, { developer, qa }, 5));
    const calls = query(
      path,
      `SELECT c.sequence, c.status, k.role FROM llm_call k JOIN candidate c ON c.id = k.candidate_id
       ORDER BY c.sequence, k.role`,
    );
    const both = (sequence: number) =>
      ["developer", "qa"].map((role) => ({ sequence, status: "rejected", role }));
    expect(calls).toEqual([...both(1), ...both(2), { sequence: 3, status: "proposed", role: "developer" }]);
    expect(query(path, "SELECT applications, calls FROM run_cost")).toEqual([{ applications: 2, calls: 5 }]);
    const reader = openToRead(path);
    expect(readRunCosts(reader, 1)).toMatchObject([{ applications: 2, isSolved: false }]);
    reader.close();
    expect(query(path, "SELECT candidates, rejected, calls FROM operator_summary")).toEqual([
      { candidates: 3, rejected: 2, calls: 5 },
    ]);
  });
});

describe("a strategy of a paid and a deterministic operator", () => {
  it("keeps its candidates in ask order", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const ask = (name: string, role: "mutator" | "judge") =>
      defineOperator({
        ...{ name, scope: "global", roles: [role] },
        async propose({ models }) {
          const { text } = await models[role].generate({ messages: [{ role: "user", text: "?" }] });
          return proposed(new Map([[0, text]]));
        },
      });
    const campaign = defineCampaign({
      ...{ name: "both", problem: "blocks", sizes: [30], seeds: 1, runBudget: { calls: 40 } },
      models: { mutator: simulated(), judge: paidModel() },
      strategies: {
        only: {
          operators: [ask("free", "mutator"), ask("paid", "judge")],
          population: greedy({ offspring: 8 }),
        },
      },
    });
    await runInto(path, campaign);
    const rows = query(path, "SELECT sequence, operator FROM candidate ORDER BY id");
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index));
    expect(new Set(rows.map(({ operator }) => operator))).toEqual(new Set(["initial", "free", "paid"]));
  });
});
