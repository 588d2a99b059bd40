/** Numbers and classes as text for sentences. */
import type { Estimate } from "./call-growth.ts";

/** A number with three significant digits, such as `0.0123`, `1.99`, `2840` or `1.2e+9`. */
export function numberText(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(1);
  if (size >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
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
