import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineCampaign, defineOperator, type Operator, rejected, simulated } from "../../src/index.ts";
import { Database } from "../../src/store/sqlite.ts";
import { makeFolder, removeFolder } from "../store/folder.ts";
import { paidModel } from "../store/paid-model.ts";
import { runInto } from "../store/variety.ts";
import { allele } from "./allele.ts";

const steering = "\u001b]0;owned\u0007";
const shownSteering = "\\u001b]0;owned\\u0007";
const conversation = {
  system: `Be  brief.${steering}\n`,
  messages: [
    { role: "user", text: "Which one?\n\n\ttab" },
    { role: "assistant", text: "naïve" },
    { role: "user", text: "Why?" },
  ],
  ...{ temperature: 0.25, maxTokens: 9, stop: ["\n\n  end"] },
} as const;

/** Holds a conversation with a paid model, then asks a free one. */
const asking: Operator = defineOperator({
  ...{ name: "asking", scope: "global", roles: ["developer", "qa"] },
  async propose({ models }) {
    await models.developer.generate(conversation);
    await models.qa.generate({ messages: [{ role: "user", text: "alone" }] });
    return rejected("two calls are all it does");
  },
});

let folder = "";
let path = "";
beforeAll(async () => {
  folder = makeFolder();
  path = join(folder, "my store.sqlite");
  const models = { developer: paidModel({ failing: [2] }), qa: simulated() };
  const only = { operators: [asking], models };
  const once = { sizes: [2], seeds: 1, runBudget: { calls: 6 } };
  await runInto(path, defineCampaign({ name: "asking", problem: "blocks", strategies: { only }, ...once }));
});
afterAll(() => removeFolder(folder));

const show = (...args: string[]) => allele(["show", path, ...args]);

describe("allele show --prompt", () => {
  it("prints what a paid call sent word for word, its settings, and its answer", async () => {
    const { code, stdout, stderr } = await show("--prompt", "1");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const page = stdout.replace(/^seed +\d+$/m, "seed S").replace(/^time +.+$/m, "time T");
    expect(page).toBe(`System
Be  brief.${shownSteering}

User
Which one?

\ttab

Assistant
naïve

User
Why?

Call 1
model        paid of provider scripted, size 2
role         developer
candidate    2 (asking, rejected), number 1 of run 1: only, k = 2, seed 1
tokens       100 read, 1 written
temperature  0.25
most tokens  9
seed S
stop         ["\\n\\n  end"]
attempt      1
outcome      ok
time T
US dollars   0.00011

Answer
answer 1
`);
  });

  it("says that the answer and the settings of a free model are not kept", async () => {
    const { stdout } = await show("--prompt", "2");
    expect(stdout).toMatch(/^User\nalone\n\nCall 2\n/);
    expect(stdout).toContain("settings     not kept for a free model\n");
    const words = "The answer is not kept: model 'simulated' is free and gives the same one again.\n";
    expect(stdout.endsWith(`\n\n${words}`)).toBe(true);
  });

  it("says that no answer came, and why", async () => {
    const { stdout } = await show("--prompt", "3");
    expect(stdout).toContain("tokens       not counted\n");
    expect(stdout).toContain("outcome      error: the line to call 2 is dead\n");
    expect(stdout.endsWith("\n\nNo answer came.\n")).toBe(true);
  });

  it("gives all of it raw as JSON, without what is not known", async () => {
    const { system, messages, ...settings } = conversation;
    const shared = {
      run: { id: 1, strategy: "only", size: 2, seed: 1 },
      candidate: { id: 2, sequence: 1, operator: "asking", status: "rejected", isNote: false },
      ...{ latencyMs: expect.any(Number), attempt: 1, outcome: "ok" },
    };
    const [paid, free] = await Promise.all(["1", "2"].map((id) => show("--json", "--prompt", id)));
    expect(JSON.parse(paid!.stdout)).toEqual({
      ...{ id: 1, ...shared, role: "developer", prompt: { system, messages } },
      model: { name: "paid", provider: "scripted", size: 2 },
      settings: { ...settings, seed: expect.any(Number) },
      ...{ inputTokens: 100, outputTokens: 1, isEstimated: false, usd: 0.00011, response: "answer 1\n" },
    });
    expect(JSON.parse(free!.stdout)).toEqual({
      ...{ id: 2, ...shared, role: "qa", prompt: { messages: [{ role: "user", text: "alone" }] } },
      model: { name: "simulated", provider: "simulated", size: 1 },
      ...{ inputTokens: expect.any(Number), outputTokens: expect.any(Number), isEstimated: false },
    });
  });

  it("is named at the end of a run's page, as a command that works", async () => {
    const [page, json] = await Promise.all([show("1"), show("1", "--json")]);
    const { lastPrompt } = JSON.parse(json!.stdout);
    expect(page!.stdout.trimEnd().split("\n").at(-1)).toBe(
      `Its last prompt: npx allele show '${path}' --prompt ${lastPrompt}`,
    );
    const { stdout } = await show("--json", "--prompt", String(lastPrompt));
    expect(JSON.parse(stdout)).toMatchObject({ id: lastPrompt, run: { id: 1 } });
  });

  it.each([
    [["--prompt", "99"], /^allele: Call 99 is not in the store; it holds calls 1 to \d\n$/],
    [
      ["1", "--prompt", "2"],
      /^allele: --prompt names one call of the whole store, so leave run 1 out: npx allele show '.*' --prompt 2; /,
    ],
    [["--campaign", "1", "--prompt", "2"], /so leave --campaign 1 out: npx allele show '.*' --prompt 2; /],
  ])("refuses %j and says what to do", async (args, message) => {
    const { code, stdout, stderr } = await show(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("says so where an older Allele kept no prompt, or there is no call", async () => {
    const copy = join(folder, "copy.sqlite");
    const edit = new Database(path);
    edit.exec(`VACUUM INTO '${copy}'`);
    edit.close();
    const old = new Database(copy);
    old.exec("UPDATE llm_call SET prompt_id = NULL, request = NULL");
    old.close();
    const [call, run] = await Promise.all([
      allele(["show", copy, "--prompt", "2"]),
      allele(["show", copy, "1"]),
    ]);
    expect(call.stdout).toMatch(
      /^What was sent is not kept: an older Allele wrote this call, of a free model\.\n\nCall 2\n/,
    );
    expect(run.stdout).not.toContain("Its last prompt");
    const empty = new Database(copy);
    empty.exec("DELETE FROM llm_call");
    empty.close();
    const { code, stderr } = await allele(["show", copy, "--prompt", "2"]);
    expect({ code, stderr }).toEqual({
      ...{ code: 2, stderr: "allele: Call 2 is not in the store; it holds no call\n" },
    });
  });
});

describe("the page of a run", () => {
  it("counts notes as notes", async () => {
    const copy = join(folder, "notes.sqlite");
    const edit = new Database(path);
    edit.exec(`VACUUM INTO '${copy}'`);
    edit.close();
    const noted = new Database(copy);
    noted.exec("UPDATE candidate SET note = 'be bold', reject_reason = NULL WHERE sequence = 1");
    noted.close();
    const [page, json] = await Promise.all([
      allele(["show", copy, "1"]),
      allele(["show", copy, "1", "--json"]),
    ]);
    expect(page.stdout).toMatch(/^asking {2,}note {2,}1$/m);
    expect(JSON.parse(json.stdout).outcomes).toContainEqual({ operator: "asking", status: "note", count: 1 });
  });
});
