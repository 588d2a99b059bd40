/** The initial program of circle-packing: a square grid, and every circle as large as its nearest neighbour allows. */
export const seed = `// EVOLVE-BLOCK-START placement
function place(n) {
  const columns = Math.ceil(Math.sqrt(n));
  return Array.from({ length: n }, (_, i) => [
    ((i % columns) + 0.5) / columns,
    (Math.floor(i / columns) + 0.5) / columns,
  ]);
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START refinement
function refine(centres) {
  return centres;
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START radii
function radiiOf(centres) {
  return centres.map(([x, y], i) => {
    let radius = Math.min(x, y, 1 - x, 1 - y);
    for (const [j, [x2, y2]] of centres.entries()) {
      if (j !== i) radius = Math.min(radius, Math.hypot(x - x2, y - y2) / 2);
    }
    return radius;
  });
}
// EVOLVE-BLOCK-END

export function pack(n) {
  const centres = refine(place(n));
  const radii = radiiOf(centres);
  // The check allows no rounding error at all: every circle gives up a trillionth.
  return centres.map(([x, y], i) => [x, y, radii[i] * (1 - 1e-12)]);
}
`;
