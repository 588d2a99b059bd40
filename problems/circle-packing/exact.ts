/** Exact arithmetic on doubles, which are whole multiples of 2^-1074: no tolerance, no rounding. */

const bytes = new DataView(new ArrayBuffer(8));

/** Counts the units of 2^-1074 in a finite double. */
export function toUnits(value: number): bigint {
  bytes.setFloat64(0, value);
  const bits = bytes.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  // Subnormal numbers have no leading 1 and the same scale as those of exponent 1.
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return value < 0 ? -magnitude : magnitude;
}

const one = toUnits(1);

/** Whether a + b <= 1, exactly. */
export function sumIsAtMostOne(a: number, b: number): boolean {
  return toUnits(a) + toUnits(b) <= one;
}

/** Whether dx^2 + dy^2 >= s^2 for dx = x1 - x2, dy = y1 - y2 and s = r1 + r2, exactly; all in [0, 1]. */
export function isApart(
  [x1, y1, r1]: readonly [number, number, number],
  [x2, y2, r2]: readonly [number, number, number],
): boolean {
  // Each side is a sum of squares, so its rounding error is below 8 units of 2^-53, or 1e-300 near zero.
  const left = (x1 - x2) ** 2 + (y1 - y2) ** 2;
  const right = (r1 + r2) ** 2;
  const error = right * 1e-14 + 1e-300;
  if (left > right + error) return true;
  if (left < right - error) return false;
  const dx = toUnits(x1) - toUnits(x2);
  const dy = toUnits(y1) - toUnits(y2);
  const sum = toUnits(r1) + toUnits(r2);
  return dx * dx + dy * dy >= sum * sum;
}
