/** The kinds of task in their fixed order: those written by hand first, then the families in turn. */
import { checkWhole, UsageError } from "../../src/core/index.ts";
import { conversionKinds } from "./kinds/conversions.ts";
import { families } from "./kinds/families.ts";
import type { Kind } from "./kinds/kind.ts";
import { numberKinds } from "./kinds/numbers.ts";
import { textKinds } from "./kinds/texts.ts";

const handWritten: readonly Kind[] = [...numberKinds, ...textKinds, ...conversionKinds];

/** The first kind of each family, then the second one of each, and so on. */
function* ofFamilies(): Generator<Kind> {
  const left = families.map(({ numbers: [first, last], without, make }) => {
    const numbers: number[] = [];
    for (let number = first; number <= last; number++) if (!without?.(number)) numbers.push(number);
    return { numbers, make };
  });
  const most = Math.max(...left.map(({ numbers }) => numbers.length));
  for (let round = 0; round < most; round++) {
    for (const { numbers, make } of left) {
      const number = numbers[round];
      if (number !== undefined) yield make(number);
    }
  }
}

/** All kinds of task. */
export const kinds: readonly Kind[] = [...handWritten, ...ofFamilies()];

/** How many kinds are written by hand. */
export const handWrittenCount = handWritten.length;

/** The first `count` kinds. Throws a UsageError where there are not so many. */
export function firstKinds(where: string, count: number): readonly Kind[] {
  checkWhole(where, count, 1);
  if (count > kinds.length) {
    throw new UsageError(
      `${where} must be at most ${kinds.length}, the kinds of task there are; got ${count}`,
    );
  }
  return kinds.slice(0, count);
}
