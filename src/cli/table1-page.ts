/** The page of `allele table1`, for a terminal and for a document. */
import type { CheckedClaim, ClaimRow } from "../analysis/index.ts";
import { estimateText } from "../analysis/text.ts";
import { modelSizesMarkdown, modelSizesText } from "./model-sizes-text.ts";
import { parallelMarkdown, parallelText } from "./parallel-text.ts";
import { code, endOf, markdownTable, plain } from "./ranking-page.ts";
import { costNames, intervalCell } from "./ranking-text.ts";
import type { MeasuredClaim, Table1, Table1Options } from "./table1.ts";
import { brokenTable, heading, namedTable, number, shellWord, twoDigits, wrap } from "./text.ts";

/** What a page shows besides the claims. */
type PageOptions = Pick<Table1Options, "describe">;

const noClaim =
  "No campaign of this store makes a claim on its strategies; a campaign does so in its field claims (docs/analysis.md).";

/** The page for a terminal, 80 columns wide. */
export function table1Page(all: Table1, options: PageOptions): string {
  return [
    claimsPage(all, options),
    ...modelSizesText(all.modelSizes),
    ...parallelText(namedParallel(all)),
  ].join("\n");
}

function claimsPage({ claims, costModel }: Table1, { describe = false }: PageOptions): string {
  if (claims.length === 0) return wrap(noClaim, "");
  const head = ["problem", "optimistic", "optimized", "claim", "ratio [95 %]", "verdict"];
  const rows = claims.map(({ campaign, claim, checked }) => [
    [nameOf(campaign), ...(claim.role === undefined ? [] : [`(${claim.role})`])],
    claim.optimistic,
    claim.optimized,
    claimCells(claim),
    [classText(checked), growthText(checked)],
    checked.verdict,
  ]);
  return [
    heading(`What the strategies claim to save, measured; cost in ${costNames[costModel]}`),
    brokenTable([head, ...rows], [13, 12, 10, 8, 19, 8], []),
    ...notes(claims, costModel).map((note) => wrap(note, "  ")),
    `\n${heading(`Ratio of the costs, optimistic over optimized${describe ? "" : ", at three of the sizes"}`)}`,
    ratiosTable(claims, describe),
  ].join("\n");
}

/** The page for a document, below the command that makes it. */
export function table1Markdown(
  path: string,
  all: Table1,
  options: PageOptions & Pick<Table1Options, "cost">,
): string {
  const { claims, costModel } = all;
  const flags = `${costModel === "primitives" ? "" : ` --cost ${costModel}`}${options.describe ? " --describe" : ""}`;
  const made = `Made by ${code(`npx allele table1 ${shellWord(path)}${flags} --markdown`)}.`;
  const others = [...modelSizesMarkdown(all.modelSizes), ...parallelMarkdown(namedParallel(all))];
  if (claims.length === 0) return [made, plain(noClaim), ...others].join("\n\n");
  const head = [
    ...["problem", "optimistic", "optimized", "claimed improvement"],
    ...["measured (exact) at the smallest size", "in the middle", "at the largest", "worst off"],
    ...["growth of the ratio [95 %]", "verdict"],
  ];
  const rows = claims.map(({ campaign, claim, checked }) => {
    const picked = pickRows(checked.rows);
    const [first, middle, last] = [picked[0], picked.length > 2 ? picked[1] : undefined, picked.at(-1)];
    const role = claim.role === undefined ? "" : ` (${claim.role})`;
    return [
      nameOf(campaign),
      plain(`${claim.optimistic}${role}`),
      plain(`${claim.optimized}${role}`),
      plain(claimCells(claim).join(", ")),
      ...[first, middle, last].map(ratioAndExact),
      worstText(checked),
      plain([classText(checked), growthText(checked)].filter((text) => text !== "").join(", ")),
      checked.verdict,
    ];
  });
  return [
    made,
    `## What the strategies claim to save, measured; cost in ${costNames[costModel]}`,
    markdownTable([head, ...rows], head.length),
    ...notes(claims, costModel).map(plain),
    ...(options.describe ? claims.flatMap(allSizes) : []),
    ...others,
  ].join("\n\n");
}

function allSizes({ campaign, claim, checked }: MeasuredClaim): readonly string[] {
  const rows = checked.rows.map((row) => [
    String(row.size),
    intervalCell(row.ratio, row),
    number(row.exact),
    offText(row.deviation),
  ]);
  return [
    `### ${plain(`${nameOf(campaign)}: ${claim.optimistic} over ${claim.optimized}`)}`,
    markdownTable([["k", "measured [95 %]", "exact", "off"], ...rows]),
  ];
}

function ratioAndExact(row: ClaimRow | undefined): string {
  if (row === undefined) return "-";
  const exact = row.exact === undefined ? "" : ` (${number(row.exact)})`;
  return `k = ${row.size}: ${intervalCell(row.ratio, row)}${exact}`;
}

/** The ratios at all sizes of each claim, or at the smallest, middle and largest. */
function ratiosTable(claims: readonly MeasuredClaim[], isAll: boolean): string {
  const head = ["problem", "k", "measured [95 %]", "exact", "off", "worst off"];
  const rows = claims.flatMap(({ campaign, claim, checked }) => {
    const isOnly = claims.filter((one) => one.campaign.id === campaign.id).length === 1;
    const name = isOnly ? nameOf(campaign) : `${nameOf(campaign)}: ${claim.optimistic} / ${claim.optimized}`;
    const shown = isAll ? checked.rows : pickRows(checked.rows);
    if (shown.length === 0) return [[name, ...head.slice(1).map(() => "-")]];
    const cells = shown.map((row, index) => [
      String(row.size),
      intervalCell(row.ratio, row),
      number(row.exact),
      offText(row.deviation),
      index === 0 ? worstText(checked) : "",
    ]);
    return [[name, ...(cells[0] ?? [])], ...cells.slice(1).map((row) => ["", ...row])];
  });
  return namedTable(
    [head, ...rows],
    head.map((_, column) => column > 0),
  );
}

/** The smallest, the middle and the largest size. */
function pickRows(rows: readonly ClaimRow[]): readonly ClaimRow[] {
  const places = new Set([0, Math.floor((rows.length - 1) / 2), rows.length - 1]);
  return rows.filter((_, index) => places.has(index));
}

/** Why claims are open, and what a reader of the page must know. */
function notes(claims: readonly MeasuredClaim[], costModel: Table1["costModel"]): readonly string[] {
  const open = claims.flatMap(({ campaign, claim, checked }) => {
    if (checked.verdict !== "open") return []; // the table shows the class that is held against the claim
    const what = `${nameOf(campaign)}, ${claim.optimistic} over ${claim.optimized}: open`;
    return [`${what}, because ${checked.reasons.join("; ")}.`];
  });
  const isUncertain = claims.some(
    ({ checked }) => checked.ratioClass !== undefined && !checked.isRatioClassConclusive,
  );
  return [
    ...open,
    ...(claims.some(({ claim }) => claimCells(claim).length > 1)
      ? ["here: what the claim comes to where the size k of the campaign alone grows."]
      : []),
    ...(isUncertain ? ["?: a best guess of the growth class."] : []),
    ...(costModel === "primitives"
      ? []
      : [
          "Claims and exact ratios are of LLM primitives; under another cost the strategies may differ by another class.",
        ]),
  ];
}

function nameOf({ name, status }: MeasuredClaim["campaign"]): string {
  return `${name}${endOf(status)}`;
}

/** The improvement as the paper writes it, and as it is in the size of the campaign where that differs. */
function claimCells({ improvement, paper }: MeasuredClaim["claim"]): readonly string[] {
  return paper === undefined || paper === improvement ? [improvement] : [paper, `here ${improvement}`];
}

function classText({ ratioClass, isRatioClassConclusive }: CheckedClaim): string {
  return ratioClass === undefined ? "-" : `Θ(${ratioClass})${isRatioClassConclusive ? "" : "?"}`;
}

/** The base of an exponential ratio or the power of k that describes it, with the interval. */
function growthText({ base, slope }: CheckedClaim): string {
  if (base) return `b ${estimateText(base)}`;
  return slope ? `k^${twoDigits(slope.value)} [${twoDigits(slope.low)}, ${twoDigits(slope.high)}]` : "";
}

function worstText({ worst }: CheckedClaim): string {
  return worst === undefined ? "-" : `${offText(worst.deviation)} at ${worst.size}`;
}

/** A relative deviation in percent, to two digits. */
function offText(deviation: number | undefined): string {
  if (deviation === undefined) return "-";
  const percent = 100 * Math.abs(deviation);
  const digits = percent >= 99.5 ? percent.toFixed(0) : percent >= 0.01 ? percent.toPrecision(2) : "0.0";
  return `${deviation < 0 && percent >= 0.01 ? "-" : "+"}${digits} %`;
}

function namedParallel({ parallel }: Table1) {
  return parallel.map(({ campaign, parallel: one }) => ({ name: campaign.name, parallel: one }));
}
