/** How finely files are divided into components. */
import { checkKeys, checkWhole, UsageError } from "../core/errors.ts";

/** `lines` alone stands for groups of one line. */
export type Granularity =
  | "markers"
  | "functions"
  | "statements"
  | "lines"
  | {
      /** Lines in one component; the last of a block may have fewer. */
      readonly lines: number;
    };

const words = ["markers", "functions", "statements", "lines"] as const;

/** Reads the text form of a granularity: one of the words, or `lines:5`. Throws a UsageError for others. */
export function readGranularity(text: string): Granularity {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  const lines = /^lines:(\d+)$/.exec(text)?.[1];
  if (lines !== undefined) return { lines: checkWhole("Granularity lines", Number(lines), 1) };
  throw new UsageError(`Granularity '${text}' is unknown; known: ${words.join(", ")}, lines:N`);
}

/** Checks a granularity that a script gives. */
export function checkGranularity(granularity: Granularity): Granularity {
  if (typeof granularity === "string") return readGranularity(granularity);
  checkKeys("Granularity", granularity, ["lines"]);
  checkWhole("Granularity lines", granularity.lines, 1);
  return granularity;
}
