import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Comparison, holdsClass } from "../src/analysis/index.ts";
import { allele, temporaryFolder } from "./cli/allele.ts";

describe("the quick start", () => {
  it("measures what section 3.3 of the paper predicts", async () => {
    const store = join(temporaryFolder(), "quick-start.sqlite");
    const run = await allele(["run", "runs/global-vs-local.ts", "--store", store]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("local-sequential: Θ(k) on k in [1, 64]");
    expect(run.stdout).toContain("Try next");
    const lines = run.stdout.split("\n").filter((line) => !line.includes("npx allele"));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);

    // The README shows this very output.
    const shown = /output: begin -->\n```\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
    const results = (text: string) => text.slice(0, text.indexOf("Store:")).trim();
    expect(results(run.stdout)).toBe(results(shown));

    const compared = await allele(["compare", store, "--json"]);
    expect(compared.code).toBe(0);
    const { comparison } = JSON.parse(compared.stdout) as { comparison: Comparison };
    const growth = Object.fromEntries(comparison.strategies.map((one) => [one.strategy, one.growth]));

    // Equation (13): Θ(k).
    expect(growth["local-sequential"]).toMatchObject({ verdict: "conclusive", class: "k" });
    // Coupon collector: Θ(k log k).
    expect(growth["local-random"]).toMatchObject({ verdict: "conclusive", class: "k log k" });
    // Equation (12): Θ(2^k k^2).
    expect(growth.global?.exponentialWeight).toBeGreaterThan(0.99);
    expect(growth.global && holdsClass(growth.global, "2^k k^2")).toBe(true);
    expect(growth.global?.base?.low).toBeLessThanOrEqual(2);
    expect(growth.global?.base?.high).toBeGreaterThanOrEqual(2);

    // Equation (14): Θ(2^k k).
    const separation = comparison.separations.find(
      ({ costlier, cheaper }) => costlier === "global" && cheaper === "local-sequential",
    );
    expect(separation).toMatchObject({ verdict: "separates", ratioClass: "b^k k" });
    expect(separation?.base?.low).toBeLessThanOrEqual(2);
    expect(separation?.base?.high).toBeGreaterThanOrEqual(2);

    // Every measured mean within 4 standard errors of the exact one: 32 means, false alarm 0.2 %.
    const z = comparison.strategies.flatMap(({ sizes }) =>
      sizes.map(({ theory }) => Math.abs(theory?.z ?? 99)),
    );
    expect(z).toHaveLength(32);
    expect(Math.max(...z)).toBeLessThan(4);
  });
});
