/** Approximates the sine for any x from -10 to 10, with + - * / and Math.round alone. */

/** Maps x to a value from -pi to pi that has the same sine. */
// EVOLVE-BLOCK-START reduce
function reduce(x) {
  const period = 6.2;
  return x - period * Math.round(x / period);
}
// EVOLVE-BLOCK-END

/** Approximates the sine of y from -pi to pi. */
// EVOLVE-BLOCK-START polynomial
function polynomial(y) {
  const z = y * y;
  return y * (0.9 - z * (0.1 - z * 0.003));
}
// EVOLVE-BLOCK-END

export const sine = (x) => polynomial(reduce(x));
