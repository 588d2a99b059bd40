/** The initial program of bin-packing: best fit. */
export const seed = `// EVOLVE-BLOCK-START score
function score(item, left, capacity) {
  return item - left;
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START adjustment
function adjust(scores, item, bins) {
  return scores;
}
// EVOLVE-BLOCK-END

export function priority(item, bins) {
  const capacity = bins[bins.length - 1];
  const scores = bins.map((left) => score(item, left, capacity));
  return adjust(scores, item, bins);
}
`;
