/** Changes a number: to its neighbour, to another scale, its sign, or to a number seen in the prompt. */
import type { Rng } from "../../core/index.ts";
import { type CodeEdit, mark, pick, setText } from "./code-edit.ts";
import type { CodeToken } from "./code-tokens.ts";
import { isBinary, previousIndex } from "./token-walk.ts";

/** Perturbs a number and keeps its form: whole, decimal or with a base. */
export const numberEdit: CodeEdit = {
  weight: 7,
  sites(tokens) {
    const sites: number[] = [];
    for (const [index, { kind, text }] of tokens.entries()) {
      if (kind === "number" && read(text) !== undefined) sites.push(index);
    }
    return sites;
  },
  apply(tokens, site, rng, { vocabulary }) {
    const token = tokens[site];
    const parsed = token && read(token.text);
    if (parsed === undefined) return;
    const { value, digits, suffix } = parsed;
    const canBeNegative = isSigned(tokens, site);
    const way = rng();
    if (way < 0.16 && value !== 0 && canBeNegative) return flipSign(tokens, site);
    if (parsed.form === "base") {
      const changed = Math.max(0, value + (rng() < 0.5 ? 1 : -1));
      return setText(tokens, site, digits.slice(0, 2) + changed.toString(parsed.base) + suffix);
    }
    const seen = way < 0.38 ? otherNumber(tokens, vocabulary.numbers(), parsed.value, rng) : undefined;
    const changed =
      seen ?? (parsed.form === "whole" ? perturbWhole(value, way, rng) : perturbDecimal(parsed, way, rng));
    setText(tokens, site, changed + suffix);
  },
};

interface ParsedNumber {
  readonly value: number;
  readonly form: "whole" | "decimal" | "base";
  readonly base: number;
  readonly digits: string;
  /** What is written after the digits, e.g. "n", "f64". */
  readonly suffix: string;
}

const bases: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };

/** Reads a number; undefined where a small change would be lost, or where it has no end. */
function read(text: string): ParsedNumber | undefined {
  const [, digits = "", suffix = ""] =
    /^(0[xXbBoO][\da-fA-F_]+|[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)(.*)$/s.exec(text) ?? [];
  const value = Number(digits.replaceAll("_", ""));
  if (digits === "" || !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return undefined;
  const base = bases[digits.charAt(1).toLowerCase()];
  const form = base !== undefined ? "base" : /[.eE]/.test(digits) ? "decimal" : "whole";
  return { value, form, base: base ?? 10, digits, suffix };
}

/** Whether a minus may stand before a number: where none or only a sign is, and no operand. */
function isSigned(tokens: readonly CodeToken[], site: number): boolean {
  const before = previousIndex(tokens, site);
  return (
    !isBinary(tokens, site) &&
    !(/^[-+*/%]{1,2}$/.test(tokens[before]?.text ?? "") && isBinary(tokens, before))
  );
}

/** Adds or takes away the minus before a number. */
function flipSign(tokens: CodeToken[], site: number): void {
  const before = previousIndex(tokens, site);
  if (tokens[before]?.text === "-" && !isBinary(tokens, before)) tokens.splice(before, 1);
  else tokens.splice(site, 0, mark("-"));
}

/** Another number of the code, its comments included, or of the words about it. */
function otherNumber(
  tokens: readonly CodeToken[],
  told: readonly string[],
  value: number,
  rng: Rng,
): string | undefined {
  const seen = new Set(told);
  for (const { kind, text } of tokens) {
    if (kind === "number") seen.add(text);
    if (kind === "fixed")
      for (const found of text.match(/(?<![\w.])\d+(?:\.\d+)?(?!\w)/g) ?? []) seen.add(found);
  }
  return pick(
    rng,
    [...seen].filter((text) => Number(text) !== value && /^\d+(?:\.\d+)?$/.test(text)),
  );
}

/** Mostly the next or the previous number; else about so many times as large. */
function perturbWhole(value: number, way: number, rng: Rng): string {
  if (way > 0.78 && value !== 0) {
    const scaled = Math.round(value * (rng() < 0.7 ? (pick(rng, [0.1, 0.5, 2, 10]) ?? 2) : factor(rng)));
    if (scaled !== value && Number.isSafeInteger(scaled)) return String(scaled);
  }
  return String(value === 0 || rng() < 0.5 ? value + 1 : value - 1);
}

/** Mostly a factor; else one step of the last digit. The number of significant digits grows to 4 at most. */
function perturbDecimal({ value, digits }: ParsedNumber, way: number, rng: Rng): string {
  const decimals = /\.(\d+)/.exec(digits)?.[1]?.length ?? 0;
  const isStep = value === 0 || (way > 0.8 && !/[eE]/.test(digits));
  const sign = value !== 0 && rng() < 0.5 ? -1 : 1;
  const changed = isStep ? Math.abs(value + sign * 10 ** -decimals) : value * factor(rng);
  const precision = Math.max(4, digits.replace(/[eE].*|^[0.]+|\./g, "").length);
  const text = isStep ? changed.toFixed(decimals) : String(Number(changed.toPrecision(precision)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A log-normal factor of median 1 and sigma 0.5. */
function factor(rng: Rng): number {
  const normal = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return Math.exp(0.5 * normal);
}
