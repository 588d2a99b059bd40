/**
 * Writes `into.length` different numbers of 0..count-1 into `into`, each set of them as likely as any other (Floyd's
 * method; Bentley and Floyd 1987), as the seed says (a whole number of 32 bits).
 */
export function drawSample(seed: number, count: number, into: Int32Array): void {
  let state = seed;
  const size = into.length;
  for (let drawn = 0; drawn < size; drawn++) {
    // SplitMix with 32 bits: a counter whose bits are mixed (Steele, Lea and Flood 2014).
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    const greatest = count - size + drawn;
    const number = Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * (greatest + 1));
    into[drawn] = isAmong(into, drawn, number) ? greatest : number;
  }
}

function isAmong(numbers: Int32Array, end: number, number: number): boolean {
  for (let index = 0; index < end; index++) if (numbers[index] === number) return true;
  return false;
}
