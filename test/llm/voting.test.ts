/** First to lead by v votes, around any model. */
import { describe, expect, it } from "vitest";
import { ensemble, type Model, ModelError, type ModelRequest, rngFrom } from "../../src/core/index.ts";
import { vote, voting } from "../../src/llm/voting.ts";
import { scripted } from "../scripted-model.ts";

const request: ModelRequest = { messages: [{ role: "user", text: "7 * 6?" }] };
const noise = (text: string) => new ModelError(text, { isRetryable: false });

/** A model that answers "right" with probability p, "wrong" otherwise, and with a share of empty answers. */
function coin(p: number, empty: number, key: string): Model {
  const rng = rngFrom(key);
  return scripted(() => (rng() < empty ? "" : rng() < p ? "right" : "wrong"));
}

describe("voting", () => {
  it("takes the first answer that leads every other by v votes, and asks no more often than that needs", async () => {
    const model = scripted(["42", "41", "42 ", "43", "42"]);
    const answer = await vote(model, { lead: 2, mostCalls: 100 }).generate(request);
    model.finish();
    expect(answer.text).toBe("42");
    expect(model.requests).toHaveLength(5); // 1:0, 1:1, 2:1, then 43, then 3:1
  });

  it("asks at once for as many answers as are needed in any case", async () => {
    let open = 0;
    const atOnce: number[] = [];
    const texts = ["a", "a", "b", "a", "a"];
    const model = scripted(async (_request, index) => {
      atOnce[index] = ++open;
      await new Promise(setImmediate);
      open -= 1;
      return texts[index] ?? "a";
    });
    await vote(model, { lead: 3, mostCalls: 100 }).generate(request);
    expect(atOnce).toEqual([1, 2, 3, 1, 2]);
  });

  it("discards answers that cannot be read, by the reading that the request brings, and failed calls", async () => {
    const model = scripted(["??", noise("busy"), "= 42", { text: "42.", stopReason: "stop" }, "41"]);
    const readAs = ({ text }: { readonly text: string }) => /\d+/.exec(text)?.[0];
    const answer = await vote(model, { lead: 2, mostCalls: 100 }).generate({ ...request, readAs });
    expect(answer.text).toBe("= 42");
    expect(model.requests).toHaveLength(4);
    const cut = scripted([{ text: "42", stopReason: "length" }, "", "7"]);
    expect((await vote(cut, { lead: 1, mostCalls: 9 }).generate(request)).text).toBe("7");
  });

  it("gives up after so many calls, and says what came", async () => {
    const split = scripted((_request, index) => (index % 2 === 0 ? "a" : "b"));
    const undecided = vote(split, { lead: 2, mostCalls: 7 }).generate(request);
    await expect(undecided).rejects.toThrow("no answer led by 2 votes after 7 calls: the best led by 1");
    expect(split.requests).toHaveLength(7);
    const mute = vote(
      scripted(() => ""),
      { lead: 1, mostCalls: 3 },
    ).generate(request);
    await expect(mute).rejects.toThrow("no answer led by 1 votes after 3 calls: none could be read");
    const down = vote(
      scripted(() => noise("down")),
      { lead: 1, mostCalls: 2 },
    ).generate(request);
    await expect(down).rejects.toThrow("down");
  });

  it("fails with the call where three fail in a row, and not for fewer", async () => {
    const down = noise("down");
    const model = scripted([noise("busy"), "a", noise("busy"), noise("busy"), "a"]);
    expect((await vote(model, { lead: 2, mostCalls: 100 }).generate(request)).text).toBe("a");
    const broken = scripted(["a", "b", noise("busy"), noise("busy"), noise("busy"), down]);
    await expect(vote(broken, { lead: 2, mostCalls: 100 }).generate(request)).rejects.toBe(down);
    broken.finish();
  });

  it("gives the votes on a request with a seed seeds of their own, the same ones each time", async () => {
    const seedsOf = async (seed: number) => {
      const model = scripted(["a", "b", "a", "a"]);
      await vote(model, { lead: 2, mostCalls: 100 }).generate({ ...request, seed });
      return model.requests.map((one) => one.seed);
    };
    const seeds = await seedsOf(7);
    expect(new Set(seeds).size).toBe(4);
    expect(await seedsOf(7)).toEqual(seeds);
    expect(await seedsOf(8)).not.toEqual(seeds);
  });

  it("lets through what no further vote can mend: a fatal failure, an exhausted budget", async () => {
    const fatal = new ModelError("no such model", { isFatal: true });
    const model = scripted([fatal]);
    await expect(vote(model, { lead: 1, mostCalls: 9 }).generate(request)).rejects.toBe(fatal);
    const broke = new Error("Budget of 3 calls is used up");
    await expect(vote(scripted([broke]), { lead: 1, mostCalls: 9 }).generate(request)).rejects.toBe(broke);
  });

  it.each([
    { p: 0.8, lead: 2, empty: 0 },
    { p: 0.6, lead: 3, empty: 0.25 },
  ])("is right as often, and as dear, as the gambler's ruin says: %o", async ({ p, lead, empty }) => {
    const requests = 2000;
    const model = coin(p, empty, `voting/${p}`);
    const voted = vote(model, { lead, mostCalls: 1000 });
    let calls = 0;
    let right = 0;
    const rng = model as ReturnType<typeof scripted>;
    for (let index = 0; index < requests; index++) {
      right += Number((await voted.generate(request)).text === "right");
    }
    calls = rng.requests.length;
    // Feller, An Introduction to Probability Theory, XIV: start in the middle of 0..2v, absorbed at either end.
    const r = ((1 - p) / p) ** lead;
    const share = 1 / (1 + r);
    const votes = (lead / (2 * p - 1)) * ((1 - r) / (1 + r));
    const error = Math.sqrt((share * (1 - share)) / requests);
    expect(Math.abs(right / requests - share)).toBeLessThan(4 * error);
    // Variance of the duration, by simulation: below votes^2 for these; malformed answers add theirs.
    const perRequest = votes / (1 - empty);
    expect(Math.abs(calls / requests - perRequest)).toBeLessThan((4 * perRequest) / Math.sqrt(requests));
  });

  it("is one answer at temperature 0, where all would be the same", async () => {
    const model = scripted(["?"]);
    const answer = await vote(model, { lead: 3, mostCalls: 9 }).generate({ ...request, temperature: 0 });
    expect([answer.text, model.requests.length]).toEqual(["?", 1]);
  });

  it("is a model's property that the engine carries out, with checked options", () => {
    const model = scripted([], { name: "m", size: 3, isDeterministic: false });
    expect(voting(model, { lead: 3 })).toMatchObject({
      name: "m",
      size: 3,
      voting: { lead: 3, mostCalls: 60 },
    });
    class Own implements Model {
      readonly size = 2;
      readonly isDeterministic = true;
      get name() {
        return "own";
      }
      get provider() {
        return "test";
      }
      generate = model.generate;
      async prepare() {
        return this;
      }
    }
    const own = new Own();
    expect(voting(own)).toMatchObject({ name: "own", provider: "test", voting: { lead: 2 } });
    expect(voting(own).prepare).toBeTypeOf("function");
    expect(voting(model).voting).toEqual({ lead: 2, mostCalls: 40 });
    expect(() => voting(voting(model))).toThrow("model 'm' is voted on already");
    expect(() => voting(model, { lead: 0 })).toThrow(
      "voting: lead must be a whole number of at least 1, got 0",
    );
    expect(() => voting(model, { lead: 3, mostCalls: 2 })).toThrow("at least 3, got 2");
    expect(() => voting("simulated" as never)).toThrow(
      "voting needs a model, got the text 'simulated'; write 'simulated,votes=2' instead",
    );
    expect(() => voting(ensemble([model]) as never)).toThrow(
      "voting needs a model, got several; put voting around each of them: ensemble([voting(a), voting(b)])",
    );
    expect(() => voting(undefined as never)).toThrow("voting needs a model, got undefined");
    expect(() => voting(model, { votes: 3 } as never)).toThrow("option 'votes' is unknown");
  });
});
