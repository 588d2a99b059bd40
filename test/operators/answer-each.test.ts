import { describe, expect, it } from "vitest";
import { answerEach } from "../../operators/answer-each.ts";
import { type Model, proposed, rngFrom } from "../../src/core/index.ts";
import { contextOf } from "../core/fixtures.ts";
import { scripted } from "../scripted-model.ts";

/** The seeds of two requests for each of two components, by component; the answers come in the given order. */
async function seedsOf(first: 0 | 1, components = [0, 1]): Promise<unknown> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const model = scripted(async ({ messages }) => {
    if (messages[0]?.text === `${1 - first}a`) await held;
    return "";
  });
  const seeds: Record<string, number | undefined> = {};
  const rng = rngFrom("candidate");
  const metered: Model = {
    ...model,
    // As the meter does: a request without a seed gets the next one.
    generate(request) {
      const seed = request.seed ?? Math.floor(rng() * 2 ** 31);
      seeds[request.messages[0]?.text ?? ""] = seed;
      return model.generate({ ...request, seed });
    },
  };
  const context = contextOf(metered, { components, rng, team: () => [metered] });
  await answerEach(context, async (index, own) => {
    const ask = (model: Model, text: string) => model.generate({ messages: [{ role: "user", text }] });
    await ask(own.models.mutator, `${index}a`);
    await ask(own.team("mutator")[0], `${index}b`);
    if (index === first) release();
    return proposed(new Map([[index, "new"]]));
  });
  return seeds;
}

describe("components answered side by side", () => {
  it("ask with the same seeds whatever answer comes first", async () => {
    const seeds = await seedsOf(0);
    expect(seeds).toEqual(await seedsOf(1));
    expect(new Set(Object.values(seeds as object)).size).toBe(4);
  });

  it("leave the seeds of one component alone to the meter", async () => {
    const rng = rngFrom("candidate");
    const next = () => Math.floor(rng() * 2 ** 31);
    expect(await seedsOf(0, [0])).toEqual({ "0a": next(), "0b": next() });
  });
});
