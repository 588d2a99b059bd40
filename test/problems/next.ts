/** The double after a positive one, or the one before it. */
export function next(value: number, direction: 1 | -1 = 1): number {
  const bits = new BigUint64Array(new Float64Array([value]).buffer);
  bits[0]! += BigInt(direction);
  return new Float64Array(bits.buffer)[0]!;
}
