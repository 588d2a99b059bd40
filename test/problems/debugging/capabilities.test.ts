/** Two paths to the same answer: what the generator knows of its bugs, and what a programmer reads in a prompt. */
import { describe, expect, it } from "vitest";
import { conversationDebug } from "../../../operators/conversation-debug.ts";
import { focusedDebug } from "../../../operators/focused-debug.ts";
import { debugDeveloper, debugQa } from "../../../problems/debugging/capabilities.ts";
import { isSameCode } from "../../../problems/debugging/see-code.ts";
import { library } from "../../../problems/repair/library.ts";
import { type PromptMode, rngFrom, type SeenPrompt } from "../../../src/core/index.ts";
import { made, play } from "./fixtures.ts";

const asked = (...texts: readonly string[]): SeenPrompt => ({
  messages: texts.map((text, index) => ({ role: index % 2 === 0 ? "user" : "assistant", text })),
});
const { instance, placed, wrong } = made({ bugs: 3 }, 12, 1);
const modes: readonly PromptMode[] = ["normal", "compact"];

/** The code of the instance, the first bugs put right; bare, or between tags. */
function code(mode: PromptMode, repaired = 0, indent = "") {
  const right = new Map(wrong.slice(0, repaired).map((one) => [one.component, one.original.source]));
  const functions = instance.components.map(({ name, text }, index) => {
    const now = (right.get(index) ?? text).replaceAll("\n  ", `\n  ${indent}`);
    return mode === "compact" ? `${now}\n` : `<component name="${name}">\n${now}\n</component>`;
  });
  return functions.join(mode === "compact" ? "" : "\n");
}
const nameOf = (mode: PromptMode, bug: number) => {
  const { component, original } = wrong[bug]!;
  return mode === "compact" ? original.name : instance.components[component]!.name;
};

describe.each(modes)("quality assurance, %s prompts", (mode) => {
  const qa = debugQa();

  it("names the first function that the generator made wrong, then the next, then none", () => {
    for (const repaired of [0, 1, 2])
      expect(qa.answer(asked(code(mode, repaired)))).toBe(nameOf(mode, repaired));
    expect(qa.answer(asked(code(mode, 3)))).toBe("ok");
  });

  it("looks at the latest code of a conversation, whatever its formatting", () => {
    const history = asked(code(mode), nameOf(mode, 0), code(mode, 1, "    "));
    expect(qa.answer(history)).toBe(nameOf(mode, 1));
    expect(qa.answer(asked(code(mode, 3, "  ")))).toBe("ok");
  });

  it("errs by a false alarm, by silence, or by another name", () => {
    const answers = (repaired: number) => {
      const prompt = asked(code(mode, repaired));
      const right = qa.answer(prompt)!;
      const all = [...Array(200).keys()].map((key) => qa.wrong(prompt, right, rngFrom("qa", key)));
      expect(all).not.toContain(right);
      return { all, silent: all.filter((answer) => answer === "ok").length };
    };
    const names = new Set(
      instance.components.map((_, index) =>
        mode === "compact"
          ? placed.find((one) => one.component === index)!.original.name
          : instance.components[index]!.name,
      ),
    );
    for (const repaired of [0, 3])
      for (const answer of answers(repaired).all) expect([...names, "ok"]).toContain(answer);
    expect(answers(3).silent).toBe(0);
    // Binomial, n = 200, p = 1/2: standard deviation 7.1.
    expect(Math.abs(answers(0).silent - 100)).toBeLessThan(4 * 7.1);
    const one = asked(
      code(mode, 0).split(mode === "compact" ? /(?<=^}\n)/m : /(?<=<\/component>\n)/)[wrong[0]!.component]!,
    );
    expect(qa.wrong(one, qa.answer(one)!, rngFrom("x"))).toBe("ok");
  });
});

describe.each(modes)("the developer, %s prompts", (mode) => {
  const developer = debugDeveloper();
  const report = (bug: number) =>
    mode === "compact"
      ? nameOf(mode, bug)
      : `\n\nReport of quality assurance:\n${nameOf(mode, bug)}: it is wrong.`;

  it("writes the latest code with the one function put right that the report names", () => {
    expect(developer.answer(asked(code(mode) + report(0)))).toBe(code(mode, 1));
    expect(developer.answer(asked(code(mode) + report(0), code(mode, 1), report(1)))).toBe(code(mode, 2));
  });

  it("leaves the code as it is where the report names what is right or unknown", () => {
    const sound = instance.components.findIndex((_, index) =>
      wrong.every(({ component }) => component !== index),
    );
    const { original } = placed.find(({ component }) => component === sound)!;
    expect(developer.answer(asked(`${code(mode)}${original.name}`))).toBe(code(mode));
    expect(developer.answer(asked(`${code(mode)}something is wrong`))).toBe(code(mode));
  });

  it("errs by leaving the bug, or by another one in the same function", () => {
    const prompt = asked(code(mode) + report(0));
    const right = developer.answer(prompt)!;
    const answers = [...Array(60).keys()].map((key) => developer.wrong(prompt, right, rngFrom("dev", key)));
    expect(answers).not.toContain(right);
    // Binomial, n = 60, p = 1/2, standard deviation 3.9; another bug may by chance be the same one.
    expect(answers.filter((answer) => answer === code(mode)).length).toBeGreaterThan(30 - 4 * 3.9);
    expect(new Set(answers).size).toBeGreaterThan(2);
    const { original } = wrong[0]!;
    const [before, after] = code(mode, 1).split(original.source);
    for (const answer of answers) expect(answer.startsWith(before!) && answer.endsWith(after!)).toBe(true);
  });
});

describe("both", () => {
  it("leave other tasks alone", () => {
    for (const { answer } of [debugQa(), debugDeveloper()]) {
      expect(answer(asked("What is 2 + 2?"))).toBeUndefined();
      expect(answer(asked("function unknownToAll(a) {\n  return a;\n}\n"))).toBeUndefined();
      expect(answer({ messages: [] })).toBeUndefined();
    }
    expect(debugDeveloper().answer(asked(code("compact")))).toBeUndefined();
    expect(debugQa().answer(asked(`${code("compact")}${wrong[0]!.original.name}`))).toBeUndefined();
  });

  it("check their options", () => {
    expect(debugQa({ errorRate: 0.1 })).toMatchObject({ name: "debug-qa", errorRate: 0.1 });
    expect(debugDeveloper({ errorRate: 0.2 })).toMatchObject({ name: "debug-developer", errorRate: 0.2 });
    expect(() => debugQa({ errorRate: 2 })).toThrow("debugQa: errorRate must be");
    expect(() => debugDeveloper({ rate: 1 } as never)).toThrow("debugDeveloper: option 'rate' is unknown");
    expect(() => debugQa({ functions: 0 })).toThrow(
      "debugQa: functions must be a whole number of at least 1",
    );
  });

  it("know as many functions of the library as they are told to", () => {
    const first = new Set(library().map(({ name }) => name));
    const beyond = library(400).find(({ name }) => !first.has(name))!;
    const prompt = asked(`${beyond.source}\n`);
    expect(debugQa().answer(prompt)).toBeUndefined();
    expect(debugQa({ functions: 400 }).answer(prompt)).toBe("ok");
  });
});

describe("code", () => {
  it("is the same for another formatting, not for another token", () => {
    expect(isSameCode("function a(b) {\n  return b;\n}", "export function a( b ) { return b ; }\n")).toBe(
      true,
    );
    expect(isSameCode("function a(b) {\n  return b;\n}", "function a(b) {\n  return a;\n}")).toBe(false);
    expect(isSameCode("a ~ b", "a ~  b")).toBe(false); // not the library's language
  });
});

describe("a run", () => {
  it.each([conversationDebug, focusedDebug])(
    "solves the problem with prompts for real models: %o",
    async (make) => {
      const { result } = await play(instance, make(), { promptMode: "normal" });
      expect(result).toMatchObject({ stopReason: "target" });
    },
  );

  it("by focused debugging takes one call of QA for each function up to the last bug", async () => {
    const { recorder, result } = await play(instance, focusedDebug());
    expect(result.applications).toBe(wrong.at(-1)!.component + 1);
    const rejections = recorder.candidates.filter(({ status }) => status === "rejected");
    expect(rejections).toHaveLength(result.applications - wrong.length);
    for (const { rejectReason } of rejections)
      expect(rejectReason).toBe("quality assurance found nothing wrong");
  });

  it.each([
    ["conversation", conversationDebug],
    ["focused", focusedDebug],
  ] as const)("with errors still ends at its target, and costs more: %s", async (_name, make) => {
    const sound = await play(instance, make());
    let sum = 0;
    const keys = ["a", "b", "c", "d", "e", "f"];
    for (const key of keys) {
      const { result, cost } = await play(instance, make(), { errorRates: [0.1, 0.1], key });
      expect(result.stopReason).toBe("target");
      sum += cost.primitiveCost;
    }
    expect(sum / keys.length).toBeGreaterThan(1.05 * sound.cost.primitiveCost);
  });

  it.each([
    ["conversation", conversationDebug],
    ["focused", focusedDebug],
  ] as const)(
    "with malformed answers still ends at its target, and takes more tries: %s",
    async (_name, make) => {
      const sound = await play(instance, make());
      const { result } = await play(instance, make(), { malformedRate: 0.3 });
      expect(result.stopReason).toBe("target");
      expect(result.applications).toBeGreaterThan(sound.result.applications);
    },
  );
});
