import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges } from "../../src/core/index.ts";
import { genomeOf } from "./fixtures.ts";

describe("applyChanges", () => {
  it("gives the named components new texts, shares all others, and leaves the old genome as it was", () => {
    const texts = fc.array(fc.string(), { minLength: 1, maxLength: 6 });
    const changes = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.string()), { maxLength: 6 });
    fc.assert(
      fc.property(texts, changes, (before, pairs) => {
        const genome = Object.freeze(
          genomeOf(...before).map((component) => Object.freeze({ ...component, spec: "s" })),
        );
        const changed = new Map(pairs.filter(([index]) => index < before.length));
        const after = applyChanges(genome, changed);
        expect(after).toEqual(
          genome.map((component, i) => ({ ...component, text: changed.get(i) ?? component.text })),
        );
        for (const [i, component] of after.entries()) if (!changed.has(i)) expect(component).toBe(genome[i]);
        expect(genome.map(({ text }) => text)).toEqual(before);
        expect(Object.isFrozen(after) && after.every((component) => Object.isFrozen(component))).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it("throws for a component outside the genome", () => {
    for (const index of [-1, 2, 0.5]) {
      expect(() => applyChanges(genomeOf("a", "b"), new Map([[index, "x"]]))).toThrow(
        `Component index ${index} is outside a genome of 2 components`,
      );
    }
  });
});
