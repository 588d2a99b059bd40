/** The simulated model with a capabilities set. */
import { describe, expect, it } from "vitest";
import { answerInTags, type Capability, type ModelRequest } from "../../src/core/index.ts";
import { simulatedCapable } from "../../src/llm/simulated-capable.ts";
import { countTokens } from "../../src/llm/tokenizer.ts";

const asked = (text: string, seed = 1): ModelRequest => ({ messages: [{ role: "user", text }], seed });

const doubling: Capability = {
  name: "doubling",
  answer: (prompt) => {
    const [, number] = /double (\d+)/.exec(prompt.messages.at(-1)?.text ?? "") ?? [];
    return number === undefined ? undefined : answerInTags(prompt, String(2 * Number(number)));
  },
  wrong: (prompt, right, rng) => answerInTags(prompt, `${right}${Math.floor(rng() * 10)}`),
};
const greeting: Capability = { name: "greeting", answer: () => "hello", wrong: () => "bye", errorRate: 1 };

describe("a simulated model with capabilities", () => {
  it("performs the first task that the prompt asks for, with real token counts", async () => {
    const model = simulatedCapable({ size: 3, capabilities: [doubling] });
    expect(model).toMatchObject({ size: 3, capabilities: ["doubling"], isDeterministic: true });
    expect(await model.generate(asked("double 21"))).toMatchObject({
      ...{ text: "42", stopReason: "stop" },
      ...{ inputTokens: countTokens("double 21"), outputTokens: countTokens("42") },
    });
  });

  it("answers between the tags of the component that the prompt shows", async () => {
    const model = simulatedCapable({ capabilities: [doubling] });
    const prompt = 'Please double 4.\n<component-x name="a \\"b\\"">\n\n</component-x>';
    const { text } = await model.generate(asked(prompt));
    expect(text).toBe('<component-x name="a \\"b\\"">\n8\n</component-x>');
  });

  it("answers what is beyond it wrongly, at a cost, and never with an exception", async () => {
    const model = simulatedCapable({ capabilities: [doubling] });
    const first = await model.generate(asked("halve 21"));
    expect(first.text).toMatch(/^\w+( \w+){3}$/);
    expect(first.outputTokens).toBeGreaterThan(0);
    expect((await model.generate(asked("halve 21", 2))).text).not.toBe(first.text);
    expect((await simulatedCapable({ capabilities: [] }).generate(asked("double 21"))).text).toMatch(/^\w+ /);
  });

  it("errs at the declared rate, its own or that of the task", async () => {
    const model = simulatedCapable({ capabilities: [doubling], errorRate: 0.3 });
    let wrong = 0;
    for (let seed = 0; seed < 1000; seed++) {
      wrong += Number((await model.generate(asked("double 5", seed))).text !== "10");
    }
    // Binomial: standard deviation sqrt(1000 * 0.3 * 0.7) = 14.5.
    expect(Math.abs(wrong - 300)).toBeLessThan(4 * 14.5);
    const rude = simulatedCapable({ capabilities: [greeting] });
    expect((await rude.generate(asked("hi"))).text).toBe("bye");
    const polite = simulatedCapable({ capabilities: [greeting], errorRate: 0 });
    expect((await polite.generate(asked("hi"))).text).toBe("hello");
  });

  it("keeps to no form in a malformed answer, in either kind of prompt", async () => {
    const model = simulatedCapable({ capabilities: [doubling], malformedRate: 1 });
    for (const prompt of ["double 4", 'Double it:\n<component name="a">\ndouble 4\n</component>']) {
      const texts = new Set<string>();
      for (let seed = 0; seed < 20; seed++) texts.add((await model.generate(asked(prompt, seed))).text);
      expect([...texts].sort()).toEqual(["", expect.stringMatching(/^Here is my answer\.\n8\n?$/)]);
    }
  });

  it("refuses options that make no sense", () => {
    for (const given of ["doubling", null, { name: "doubling", answer: () => "2" }])
      expect(() => simulatedCapable({ capabilities: [given] as never })).toThrow(
        "capabilities must be a list of capabilities",
      );
    expect(() => simulatedCapable({ capabilities: [], errorRate: 2 })).toThrow(
      "must be a number from 0 to 1, got 2",
    );
    expect(() => simulatedCapable({ capabilities: [], rewriteRate: 0 } as never)).toThrow(
      "'rewriteRate' is unknown",
    );
  });
});
