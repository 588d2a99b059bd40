/** Models on the command line, with a real server on loopback. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveModel } from "../../bench/model-server.ts";
import { simulated } from "../../src/llm/simulated.ts";
import { query } from "../store/tables.ts";
import { allele, temporaryFolder } from "./allele.ts";

async function server(latencyMs = 0) {
  const served = await serveModel({ ...simulated(), name: "tiny", size: 0.5 }, { latencyMs });
  onTestFinished(() => served.close());
  return served;
}

/** A small campaign whose model the command line replaces. */
function campaign(): string {
  const path = join(temporaryFolder(), "small.ts");
  writeFileSync(
    path,
    `import { blocks, defineCampaign, localRewrite } from "allele";
    export default defineCampaign({
      name: "small", problem: blocks(), models: { mutator: "ollama:not-there" }, prompt: "compact",
      strategies: { local: { operators: [localRewrite()] } }, sizes: [1, 2], seeds: 2,
    });`,
  );
  return path;
}

describe("allele run --model", () => {
  it("takes the place of the campaign's models, and its calls are replayed without a server", async () => {
    const { url, answered, close } = await server();
    const script = campaign();
    const store = join(temporaryFolder(), "store.sqlite");
    const model = `openai:tiny@${url}/v1,size=0.5,price=1000/2000`;
    const first = await allele(["run", script, "--store", store, "--model", model]);
    expect([first.code, first.stderr.includes("Note")]).toEqual([0, false]);
    const [{ calls, usd }] = query(store, "SELECT count(*) AS calls, sum(usd) AS usd FROM llm_call") as [
      never,
    ];
    expect(calls).toBe(answered());
    expect(usd).toBeGreaterThan(0);
    expect(query(store, "SELECT name, size, usd_per_million_output_tokens AS price FROM model")).toEqual([
      { name: "tiny", size: 0.5, price: 2000 },
    ]);
    close();
    const again = ["run", script, "--model", model, "--replay", store, "--store", `${store}.again`];
    const second = await allele(again);
    expect(second.stderr).toContain("no model was called; every row equals that of campaign 1");
    expect(second.code).toBe(0);
    const other = await allele([
      "run",
      script,
      "--model",
      "ollama:zz",
      "--replay",
      store,
      "--store",
      `${store}.3`,
    ]);
    expect(other.stderr).toContain("The recording has no call of model 'zz' (ollama); it has: tiny (");
    const onto = await allele(["run", script, "--model", model, "--replay", store, "--store", store]);
    expect([onto.code, onto.stderr]).toEqual([2, expect.stringContaining("name another with --store")]);
  });

  it("stops at a budget of dollars with exit code 3, within it", async () => {
    const store = join(temporaryFolder(), "store.sqlite");
    const model = "simulated,price=1000/2000";
    const limits = ["--max-usd", "0.1", "--sizes", "60"];
    const { code, stdout } = await allele(["run", campaign(), "--store", store, "--model", model, ...limits]);
    expect([code, stdout.includes("Stopped by the campaign's budget")]).toEqual([3, true]);
    const [{ usd }] = query(store, "SELECT sum(usd) AS usd FROM llm_call") as [{ usd: number }];
    expect(usd).toBeLessThanOrEqual(0.1);
    expect(usd).toBeGreaterThan(0.08);
    expect(
      query(store, "SELECT DISTINCT stop_reason, stop_detail FROM run WHERE stop_reason <> 'target'"),
    ).toEqual([{ stop_reason: "budget", stop_detail: "0.1 US dollars" }]);
  });

  it.each([
    [["--model", "ollama"], 2, "Model 'ollama' is unknown; known: simulated, "],
    [["--model", "boss=simulated"], 2, "--model expects ROLE=MODEL with one of mutator, qa, "],
    [["--model", "qa=simulated"], 2, "No strategy has the role qa; used are: mutator"],
    [["--max-usd", "1"], 2, "A budget in US dollars needs the price of model 'not-there' (ollama)"],
    [
      ["--model", "openai:x@http://127.0.0.1:9/v1,retries=0"],
      1,
      "model calls failed in a row; the last: Model 'x'",
    ],
    [["--model", "openai:x"], 1, "set the environment variable OPENAI_API_KEY"],
    [["--model", "gguf:missing.gguf"], 1, "GGUF file 'missing.gguf' does not exist"],
    [["--replay", "missing.sqlite"], 2, "Store 'missing.sqlite' does not exist"],
  ])("says what is wrong with %j", async (options, code, message) => {
    const store = join(temporaryFolder(), "store.sqlite");
    const outcome = await allele(["run", campaign(), "--store", store, ...options]);
    expect(outcome.stderr).toContain(message);
    expect(outcome.code).toBe(code);
  });

  it("says which budget ended it, and when it has no room for a single call", async () => {
    const { url } = await server();
    const model = `openai:tiny@${url}/v1,size=1`;
    const run = (cost: string) => {
      const store = join(temporaryFolder(), "store.sqlite");
      return allele([
        "run",
        campaign(),
        "--store",
        store,
        "--model",
        model,
        "--max-cost",
        cost,
        "--seeds",
        "30",
      ]);
    };
    const small = await run("10");
    expect(small.code).toBe(3);
    expect(small.stderr).toContain("the budget of primitive cost 10 has no room for the longest answer");
    const larger = await run("3000");
    expect(larger.code).toBe(3);
    expect(larger.stdout).toContain("Stopped by the campaign's budget of primitive cost 3000; shown is");
  });

  it("says that calls fail, and when they are tried again", async () => {
    const store = join(temporaryFolder(), "store.sqlite");
    const model = "openai:x@http://127.0.0.1:9/v1,retries=9";
    const { stderr } = await allele(["run", campaign(), "--store", store, "--model", model], (child) => {
      let said = "";
      child.stderr?.on("data", (data: Buffer) => {
        said += data.toString();
        if (said.includes("again in")) child.kill("SIGINT");
      });
    });
    expect(stderr).toMatch(/0\/4 runs \| .*refused.*: again in \d/);
  });

  it("keeps the calls that were paid for when Ctrl-C comes", async () => {
    const { url, answered } = await server(150);
    const store = join(temporaryFolder(), "store.sqlite");
    const model = `openai:tiny@${url}/v1`;
    const { code } = await allele(
      ["run", campaign(), "--store", store, "--model", model, "--sizes", "60"],
      (child) => {
        const wait = setInterval(() => {
          if (answered() < 10) return;
          clearInterval(wait);
          child.kill("SIGINT");
        }, 5);
      },
    );
    expect(code).toBe(130);
    const [{ whole }] = query(store, "SELECT sum(outcome = 'ok') AS whole FROM llm_call") as [
      { whole: number },
    ];
    // Those on their way when the connection was closed were answered for nobody.
    expect(whole).toBeGreaterThanOrEqual(10);
    const [{ aborted }] = query(store, "SELECT sum(outcome = 'aborted') AS aborted FROM llm_call") as [
      { aborted: number },
    ];
    expect(aborted).toBeGreaterThan(0);
    expect(query(store, "SELECT DISTINCT status FROM campaign")).toEqual([{ status: "interrupted" }]);
  });
});

describe("allele doctor", () => {
  it("says what works, what is missing and how to get it, and tries the models that are named", async () => {
    const { url } = await server();
    const named = ["--model", `openai:tiny@${url}/v1`, "--model", "onnx:./missing-folder"];
    const { code, stdout } = await allele(["doctor", "--json", ...named]);
    const { checks } = JSON.parse(stdout) as {
      checks: { check: string; status: string; found: string; fix?: string }[];
    };
    const of = (check: string) => checks.find((one) => one.check.startsWith(check));
    expect(of("Node")).toMatchObject({ status: "ok" });
    expect(of("SQLite")).toMatchObject({ status: "ok" });
    expect(of("sandbox for JavaScript")).toMatchObject({ status: "ok" });
    expect(of("openai:tiny")).toMatchObject({
      status: "ok",
      found: expect.stringMatching(/^answered in .* tokens in, /),
    });
    expect(of("onnx:")).toMatchObject({ status: "broken", found: expect.stringContaining("does not exist") });
    expect(checks.filter(({ status, fix }) => status === "missing" && fix === undefined)).toEqual([]);
    expect(code).toBe(1);
    expect((await allele(["doctor", "--json"])).code).toBe(0);
  });
});
