/** Numbers and classes as text, for sentences and tables alike. */
import type { Estimate } from "./call-growth.ts";

/** A number with three or four significant digits, such as `0.0123`, `1.99`, `64`, `2,840`, `12.3k` or `1.20G`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  for (const [limit, divisor, unit] of [
    [1e12, 1e12, "T"],
    [1e9, 1e9, "G"],
    [1e6, 1e6, "M"],
    [1e4, 1e3, "k"],
  ] as const) {
    if (size >= limit) return threeDigits(value / divisor) + unit;
  }
  if (Number.isInteger(value) || size >= 1000) return Math.round(value).toLocaleString("en-US");
  if (size < 1e-4) return value.toExponential(1);
  return size < 0.9995 ? value.toPrecision(3) : threeDigits(value);
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

/** An interval such as `[1.93, 2.05]`. */
export function intervalText(interval: { readonly low: number; readonly high: number }): string {
  return `[${numberText(interval.low)}, ${numberText(interval.high)}]`;
}

/** A value with its interval, such as `1.99 [1.93, 2.05]`. */
export function estimateText(estimate: Estimate): string {
  return `${numberText(estimate.value)} ${intervalText(estimate)}`;
}

/** A class with its base where it has one, such as `b^k k^2 with b = 1.99 [1.93, 2.05]`. */
export function labelText(className: string, base: Estimate | undefined): string {
  return base ? `${className} with b = ${estimateText(base)}` : className;
}

/** A share as a percentage, such as `44 %` or, signed, `+23 %`. */
export function percentText(share: number, isSigned = false): string {
  const text = `${Math.round(share * 100)} %`;
  return isSigned && share >= 0 ? `+${text}` : text;
}
