import { describe, expect, it } from "vitest";
import {
  checkBetween,
  checkKeys,
  checkWhole,
  defineOperator,
  definePopulation,
  defineProblem,
  pickKnown,
  rejected,
  schedules,
  UsageError,
} from "../../src/core/index.ts";

const propose = async () => rejected("nothing");

describe("defineOperator", () => {
  it("fills in the defaults: no description, one parent, and the random schedule for local scope alone", () => {
    const local = defineOperator({ name: "l", scope: "local", roles: ["mutator"], propose });
    expect(local).toEqual({
      ...{
        name: "l",
        description: "",
        parameters: {},
        scope: "local",
        roles: ["mutator"],
        parentCount: 1,
        inspirationCount: 0,
        every: undefined,
        repairs: 0,
        isCompactable: true,
        propose,
      },
      schedule: schedules.random,
    });
    expect(defineOperator({ name: "g", scope: "global", roles: [], propose }).schedule).toBeUndefined();
  });

  it("rejects a missing name, and a schedule where there is no component to choose", () => {
    expect(() => defineOperator({ name: "", scope: "global", roles: [], propose })).toThrow(UsageError);
    const schedule = schedules.random;
    expect(() => defineOperator({ name: "g", scope: "global", roles: [], schedule, propose })).toThrow(
      "Operator 'g' has scope global; a schedule needs scope local",
    );
  });
});

describe("definePopulation and defineProblem", () => {
  it("fill in no description and no parameters, and reject a missing name", () => {
    const start = () => ({ ask: () => undefined, tell: () => false });
    expect(definePopulation({ name: "p", start })).toEqual({
      name: "p",
      description: "",
      parameters: {},
      start,
    });
    const instance = () => ({
      components: [],
      statement: "",
      target: 0,
      evaluate: () => ({ status: "ok", fitness: 0 }) as const,
    });
    expect(defineProblem({ name: "q", instance })).toEqual({
      name: "q",
      description: "",
      parameters: {},
      instance,
    });
    expect(() => definePopulation({ name: "", start })).toThrow("A population needs a name");
    expect(() => defineProblem({ name: "", instance })).toThrow("A problem needs a name");
  });
});

describe("the checks of what a user gives", () => {
  it("name what is known when a name is not, also for names that every object has", () => {
    const known = { b: 1, a: 2 };
    expect(pickKnown("Operator", "b", known)).toBe(1);
    expect(() => pickKnown("Operator", "crosover", known)).toThrow(
      "Operator 'crosover' is unknown; known: a, b",
    );
    expect(() => pickKnown("Operator", "toString", known)).toThrow(UsageError);
  });

  it("reject misspelt keys and numbers of the wrong kind", () => {
    expect(() => checkKeys("x", { b: 1 }, ["a"])).toThrow("x: option 'b' is unknown; known: a");
    for (const value of [1.5, "3", Number.NaN, Number.POSITIVE_INFINITY, 1, undefined]) {
      expect(() => checkWhole("x", value, 2)).toThrow(
        `x must be a whole number of at least 2, got ${value === "3" ? 'the text "3"' : String(value)}`,
      );
    }
    for (const value of [-0.1, 1.1, Number.NaN, "0.5"]) {
      expect(() => checkBetween("x", value, 0, 1)).toThrow(
        `x must be a number from 0 to 1, got ${String(value)}`,
      );
    }
    expect([checkWhole("x", 2, 2), checkBetween("x", 0, 0, 1), checkBetween("x", 1, 0, 1)]).toEqual([
      2, 0, 1,
    ]);
  });
});

describe("a plugin with a mistake that no type checker saw", () => {
  const operator = {
    name: "o",
    scope: "local",
    roles: ["mutator"],
    propose: async () => rejected("no"),
  } as const;

  it.each([
    [{ shedule: schedules.random }, "Operator 'o': option 'shedule' is unknown; known: name"],
    [{ scope: "locall" }, "Operator 'o' has scope locall; expected one of global, local, recombination"],
    [{ roles: ["wizard"] }, "Operator 'o' has role wizard; known roles: mutator, qa"],
    [{ parentCount: 3 }, "Operator 'o': parentCount must be a number from 1 to 2, got 3"],
  ])("%j is refused with the fix", (mistake, message) => {
    expect(() => defineOperator({ ...operator, ...mistake } as never)).toThrow(message);
  });

  it("is refused in problems and populations as well", () => {
    expect(() => defineProblem({ name: "p", instanse: () => {} } as never)).toThrow(
      "option 'instanse' is unknown",
    );
    expect(() => definePopulation({ name: "p", star: () => {} } as never)).toThrow(
      "option 'star' is unknown",
    );
  });
});
