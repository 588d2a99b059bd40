/** The short form of a comparison: the ranking, the distribution of costs and the recommendation of a campaign. */
import type { CostModel, Ranking } from "../analysis/index.ts";
import type { Target } from "../store/index.ts";
import { caveats } from "./caveats.ts";
import type { Ranked } from "./compare.ts";
import {
  costCell,
  costNames,
  ecdfRows,
  ecdfText,
  growthCell,
  intervalCell,
  legend,
  rankingTable,
  recommendationText,
  solvedCell,
} from "./ranking-text.ts";
import { harmlessLine, heading, shellWord, wrap } from "./text.ts";

/** The short form for a terminal. */
export function rankingPage({ campaign, compared }: Ranked): string {
  const { comparison, structure } = compared;
  const { ranking, costModel, recommendation } = comparison;
  const { id, name, problem, status } = campaign;
  const lines = [
    heading(`Problem '${problem}', campaign ${id} '${name}'${endOf(status)}`),
    ...(structure === undefined ? [] : [wrap(sentence(structure), "")]),
    ...caveats(campaign, compared).map((caveat) => wrap(caveat, "")),
  ];
  if (ranking !== undefined) {
    lines.push(
      `\n${heading(`Ranking at k = ${ranking.size}, cost in ${costNames[costModel]}`)}`,
      rankingTable(ranking),
      ...ecdfText(comparison),
      `\n${heading("Recommendation")}`,
      recommendationText(recommendation),
    );
  }
  return lines.join("\n");
}

/** How a campaign ended, where it was not carried out to its end. */
export function endOf(status: string): string {
  return status === "done" ? "" : `, ${status}`;
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** The options that a page was made with. */
export interface PageOptions {
  readonly cost: CostModel;
  readonly target?: Target;
  readonly campaign?: number;
}

/** The short form of several campaigns as GitHub's Markdown, below the command that makes it. */
export function rankingMarkdown(path: string, options: PageOptions, all: readonly Ranked[]): string {
  const command = `npx allele compare ${shellWord(path)}${optionsText(options)} --ranking --markdown`;
  return [`Made by ${code(command)}.`, ...all.flatMap(campaignMarkdown)].join("\n\n");
}

function optionsText({ cost, target, campaign }: PageOptions): string {
  return [
    ...(cost === "primitives" ? [] : [` --cost ${cost}`]),
    ...(target === undefined
      ? []
      : [` --target ${"fitness" in target ? target.fitness : `${100 * target.share}%`}`]),
    ...(campaign === undefined ? [] : [` --campaign ${campaign}`]),
  ].join("");
}

/** The paragraphs and tables of one campaign. */
function campaignMarkdown({ campaign, compared }: Ranked): readonly string[] {
  const { comparison, structure } = compared;
  const { ranking, ecdf, costModel, recommendation } = comparison;
  const parts = [
    `## ${plain(campaign.problem)}${structure === undefined ? "" : `: ${plain(structure)}`}`,
    `Campaign ${plain(campaign.name)}, ${campaign.promptMode} prompts${endOf(campaign.status)}.`,
    ...caveats(campaign, compared).map(plain),
  ];
  if (ranking === undefined) return parts;
  const shares = ecdfRows(ecdf);
  return [
    ...parts,
    `Ranking at k = ${ranking.size}, cost to target in ${costNames[costModel]}:`,
    rankingMarkdownTable(ranking),
    ...(legend(ranking).length > 0 ? [legend(ranking).join(" ")] : []),
    ...(shares.length > 0
      ? [`Share of runs at the target at k = ${ranking.size}, by cost:`, markdownTable(shares)]
      : []),
    `**${plain(recommendation.join(" "))}**`,
  ];
}

function rankingMarkdownTable({ rows }: Ranking): string {
  return markdownTable([
    [
      "strategy",
      "expected cost [95 %]",
      "times the best [95 %]",
      "growth",
      "solved",
      "differs from the best",
    ],
    ...rows.map((row) => [
      row.strategy,
      costCell(row),
      row.isBest ? "1" : row.timesBest === undefined ? "-" : intervalCell(row.timesBest.ratio, row.timesBest),
      growthCell(row),
      solvedCell(row),
      row.isBest
        ? "best"
        : row.adjustedP === undefined
          ? "-"
          : `${row.isTied ? "no" : "yes"}, ${pText(row.adjustedP)}`,
    ]),
  ]);
}

function pText(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

/**
 * A table below a heading, its first row; the others begin with names. The first columns, so many, hold text, and all
 * others numbers.
 */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[], textColumns = 1): string {
  const body = rows.map(([name = "", ...cells]) => [plain(name), ...cells]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map((_, index) => (index < textColumns ? "---" : "---:"))),
    ...body.map(line),
  ].join("\n");
}

/** Text of anybody's choice that Markdown shows as it is, on one line; brackets alone make no link. */
export function plain(text: string): string {
  return harmlessLine(text).replace(/[\\`*_|~$]|<(?=[a-z/!?])|\](?=[([:])|&(?=#?\w+;)/gi, "\\$&");
}

/** Text as code, whatever backquotes it holds. */
export function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^`|`$/.test(text) ? " " : "";
  return `${fence}${pad}${harmlessLine(text)}${pad}${fence}`;
}
