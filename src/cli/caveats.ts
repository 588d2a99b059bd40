/** What a comparison does not rest on, in sentences. */
import type { CampaignRow } from "../store/index.ts";
import type { Compared } from "./compare.ts";
import { noteText, number } from "./text.ts";

/** What a reader of a comparison must know: notes on the campaign, runs left out, or that there are none. */
export function caveats(
  { status }: CampaignRow,
  { comparison, leftOut, notes }: Compared,
): readonly string[] {
  const lines = notes.map(noteText);
  if (leftOut > 0) {
    const [runs, they, target] = leftOut === 1 ? ["run is", "it", "target"] : ["runs are", "they", "targets"];
    const why = `${they} stopped at ${leftOut === 1 ? "its" : "their"} own ${target}, below the one asked for, and`;
    lines.push(`${number(leftOut)} ${runs} left out: ${why} cannot tell what that one costs.`);
  }
  if (comparison.strategies.length > 0) return lines;
  const within = status === "budget" ? " within the budget" : "";
  const empty =
    leftOut > 0 ? "No run is left to compare." : `No run was finished${within}: nothing to compare.`;
  return [...lines, empty];
}
