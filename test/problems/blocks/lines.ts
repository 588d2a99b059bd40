/** Lines that a block problem accepts or refuses, found by asking `blocks`, whose hidden tests others share. */
import fc from "fast-check";
import { type BlocksOptions, blocks } from "../../../problems/blocks/problem.ts";
import { applyChanges, type Genome, words } from "../../../src/core/index.ts";
import { scoreOf } from "./measure.ts";

/** Any line of words. */
export const line = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 10 })
  .map((all) => `${all.join(" ")}\n`);

/** The genome in which exactly the blocks of `isRight` are right under the options. */
export function genomeWith(isRight: readonly boolean[], options: BlocksOptions = {}): Genome {
  const { components, rightLine } = linesOf(isRight.length, options);
  const changes = new Map<number, string>();
  for (const [index, right] of isRight.entries()) if (right) changes.set(index, rightLine(index));
  return applyChanges(components, changes);
}

const known = new Map<string, ReturnType<typeof findLines>>();

function linesOf(size: number, options: BlocksOptions) {
  const key = JSON.stringify([size, options]);
  const found = known.get(key) ?? findLines(size, options);
  known.set(key, found);
  return found;
}

function findLines(size: number, options: BlocksOptions) {
  const instance = blocks(options).instance({ size, seed: 1 });
  const { components } = instance;
  const isRight = (index: number, text: string) =>
    scoreOf(instance, applyChanges(components, new Map([[index, text]]))).fitness === 1;
  const lines: string[] = [];
  const rightLine = (index: number): string => {
    lines[index] ??= words.map((word) => `${word}\n`).find((text) => isRight(index, text)) ?? "";
    return lines[index];
  };
  return { components, rightLine };
}
