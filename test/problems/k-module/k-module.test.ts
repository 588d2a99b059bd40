import { describe, expect, it } from "vitest";
import { type KModuleOptions, kModule } from "../../../problems/k-module/problem.ts";
import { kModuleApplications, kModuleEvaluations } from "../../../problems/k-module/theory.ts";
import { applyChanges, type Genome, randomIndex, rngFrom } from "../../../src/core/index.ts";
import { score } from "../../score.ts";

const make = (size = 4, options: KModuleOptions = {}, seed = 1) => kModule(options).instance({ size, seed });
const optionsOf = (spec = "") => spec.replace("one of: ", "").split(", ");
const withTexts = (genome: Genome, texts: readonly string[]) =>
  applyChanges(genome, new Map(texts.map((text, index) => [index, text])));

describe("k-module", () => {
  it("starts as the peer's example does", () => {
    const { components, target } = make();
    expect(target).toBe(4);
    expect(components).toEqual([
      {
        ...{ name: "loader", text: "json_reader\n", kind: "module" },
        spec: "one of: csv_reader, json_reader, xml_reader, parquet_reader, sql_reader",
      },
      {
        ...{ name: "preprocess", text: "standardize\n", kind: "module" },
        spec: "one of: normalize, standardize, minmax, scale, none",
      },
      {
        ...{ name: "algorithm", text: "mergesort\n", kind: "module" },
        spec: "one of: quicksort, mergesort, heapsort, bubblesort, insertion",
      },
      {
        ...{ name: "formatter", text: "xml\n", kind: "module" },
        spec: "one of: json, xml, csv, yaml, protobuf",
      },
    ]);
  });

  it("scores each of the 625 pipelines by the number of right modules alone", async () => {
    const instance = make();
    const right = ["csv_reader", "normalize", "quicksort", "json"];
    const [a, b, c, d] = instance.components.map(({ spec }) => optionsOf(spec));
    for (const loader of a!) {
      for (const preprocess of b!) {
        for (const algorithm of c!) {
          for (const formatter of d!) {
            const texts = [loader, preprocess, algorithm, formatter];
            const fitness = texts.filter((text, index) => text === right[index]).length;
            const feedback = `${fitness} of 4 modules are right.`;
            const evaluation = await score(instance, withTexts(instance.components, texts));
            expect(evaluation).toEqual({ status: "ok", fitness, feedback });
          }
        }
      }
    }
  });

  it("answers with a promise, so that a run asks about the same pipeline once", () => {
    const instance = make();
    expect(score(instance, instance.components)).toBeInstanceOf(Promise);
  });

  it.each(["", "csv", "CSV_READER", "csv_reader json_reader", "normalize"])(
    "refuses the loader %j, which is none of the options",
    async (text) => {
      const instance = make();
      expect(await score(instance, withTexts(instance.components, [text]))).toEqual({
        ...{ status: "failed", reason: "invalid" },
        feedback: `loader must be one of csv_reader, json_reader, xml_reader, parquet_reader, sql_reader; got "${text}"`,
      });
    },
  );

  it("takes an option with white space around it, and shows little of a long wrong one", async () => {
    const instance = make();
    const { components } = instance;
    expect(await score(instance, withTexts(components, ["  csv_reader \n\n"]))).toMatchObject({ fitness: 1 });
    const long = await score(instance, withTexts(components, ["x".repeat(1e5)]));
    expect(long.feedback!.length).toBeLessThan(200);
  });

  it.each([
    [1, 2],
    [4, 3],
    [7, 5],
    [30, 12],
  ])("has for %d modules of %d options one right in each, and every one wrong at the start", async (k, o) => {
    const instance = make(k, { options: o });
    const { components } = instance;
    expect(new Set(components.map(({ name }) => name)).size).toBe(k);
    expect(await score(instance, components)).toMatchObject({ status: "ok", fitness: 0 });
    for (const [index, { spec }] of components.entries()) {
      const options = optionsOf(spec);
      expect(new Set(options).size).toBe(o);
      const scores = options.map((text) =>
        score(instance, applyChanges(components, new Map([[index, text]]))),
      );
      const fitness = (await Promise.all(scores)).map((one) => (one.status === "ok" ? one.fitness : -1));
      expect(fitness.sort()).toEqual([...new Array(o - 1).fill(0), 1]);
    }
  });

  it("is the same for all seeds, keeps its options as parameters, and checks them", () => {
    const plain = (seed: number) => ({ ...make(9, { options: 7 }, seed), evaluate: undefined });
    expect(plain(2)).toEqual(plain(1));
    expect(kModule().parameters).toEqual({ options: 5 });
    expect(() => kModule({ options: 1 })).toThrow("k-module: options must be a whole number of at least 2");
    expect(() => kModule({ shuffle: true } as never)).toThrow("k-module: option 'shuffle' is unknown");
    expect(() => make(0)).toThrow("k-module: size must be a whole number of at least 1, got 0");
  });
});

describe("the closed forms of k-module", () => {
  it("are 16 applications and 10 evaluations for the peer's example", () => {
    expect(kModuleApplications(4)).toBe(16);
    expect(kModuleEvaluations(4)).toBe(10);
    expect(kModuleApplications(3, { options: 2 })).toBe(3);
    expect(kModuleEvaluations(3, { options: 2 })).toBe(3);
  });

  it.each([
    [4, 5],
    [2, 3],
  ])("are the means of a memoryless chooser on %d modules of %d options", async (k, o) => {
    const instance = make(k, { options: o });
    const runs = 1000;
    let applications = 0;
    let evaluations = 0;
    for (let run = 0; run < runs; run++) {
      const rng = rngFrom("memoryless", k, o, run);
      const seen = new Set<string>();
      let genome = instance.components;
      for (let index = 0; index < k; ) {
        const others = optionsOf(genome[index]!.spec).filter((text) => text !== genome[index]!.text.trim());
        const next = applyChanges(genome, new Map([[index, others[randomIndex(rng, others.length)]!]]));
        applications += 1;
        seen.add(next.map(({ text }) => text.trim()).join());
        const evaluation = await score(instance, next);
        if (evaluation.status === "ok" && evaluation.fitness > index) {
          genome = next;
          index += 1;
        }
      }
      evaluations += seen.size;
    }
    // Sums of k independent variables: geometric with p = 1 / (o - 1), variance (1 - p) / p^2, and uniform in
    // 1..o-1, variance ((o - 1)^2 - 1) / 12; 4 standard errors.
    const p = 1 / (o - 1);
    const errors = [(1 - p) / p ** 2, ((o - 1) ** 2 - 1) / 12].map(
      (variance) => 4 * Math.sqrt((k * variance) / runs),
    );
    expect(Math.abs(applications / runs - kModuleApplications(k, { options: o }))).toBeLessThan(errors[0]!);
    expect(Math.abs(evaluations / runs - kModuleEvaluations(k, { options: o }))).toBeLessThan(errors[1]!);
  });
});
