/** What models of the right size for each role save, as a table for a terminal or a document. */
import type { ModelSizes, ModelSizesRow } from "../analysis/index.ts";
import { markdownTable, plain } from "./ranking-page.ts";
import type { Table1 } from "./table1.ts";
import { heading, namedTable, number, wrap } from "./text.ts";

type Sized = Table1["modelSizes"];

const title = "One model for all roles, or the right size for each, in LLM primitives";
const legend =
  "right size: what the calls cost, with the sizes of the models and the share of each role; one model: the same " +
  "calls, each by the largest model m of the campaign.";
const head = ["", "roles", "right size", "one model", "times"];

/** The section for a terminal; empty where there is nothing to show. */
export function modelSizesText(all: Sized): readonly string[] {
  if (all.length === 0) return [];
  const rows = all.flatMap(({ campaign, sizes }) => [
    [nameOf(campaign.name, sizes), ...head.slice(1).map(() => "")],
    ...sizes.rows.flatMap((row) => {
      const [first = "", ...others] = rolesOf(row);
      return [[`  ${row.strategy}`, first, ...costsOf(row)], ...others.map((role) => ["", role, "", "", ""])];
    }),
  ]);
  return [
    `\n${heading(title)}`,
    namedTable(
      [head, ...rows],
      head.map((_, column) => column > 1),
    ),
    wrap(legend, "  "),
  ];
}

/** The section for a document; empty where there is nothing to show. */
export function modelSizesMarkdown(all: Sized): readonly string[] {
  if (all.length === 0) return [];
  const rows = all.flatMap(({ campaign, sizes }) =>
    sizes.rows.map((row) => [
      nameOf(campaign.name, sizes), // the table escapes names
      plain(row.strategy),
      plain(rolesOf(row).join(", ")),
      ...costsOf(row),
    ]),
  );
  return [
    `## ${title}`,
    markdownTable([["problem", "strategy", ...head.slice(1)], ...rows], 3),
    plain(legend),
  ];
}

function nameOf(name: string, { size, largest }: ModelSizes): string {
  return `${name}, k = ${size}, m = ${number(largest)}`;
}

function rolesOf({ roles, cost }: ModelSizesRow): readonly string[] {
  return roles.map(
    (one) => `${one.role} m = ${number(one.modelSize)}, ${((100 * one.cost) / cost).toFixed(0)} %`,
  );
}

function costsOf({ cost, oneModelCost }: ModelSizesRow): readonly string[] {
  return [number(cost), number(oneModelCost), number(oneModelCost / cost)];
}
