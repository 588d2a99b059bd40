/** The initial program of function-minimization: half random search, half random steps around the best point. */
export const seed = `// EVOLVE-BLOCK-START decision
function wantsExploit(history, task, random) {
  return random() < 0.5;
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START explore
function explore(history, task, random) {
  return Array.from({ length: task.dimension }, () => task.low + random() * (task.high - task.low));
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START exploit
function exploit(best, history, task, random) {
  return best.point.map((x) => x + (random() - 0.5) * 2);
}
// EVOLVE-BLOCK-END

let task;
let history;
let best;
let asked;
let random;

export function begin(dimension, low, high, budget, seed) {
  task = { dimension, low, high, budget };
  history = [];
  best = undefined;
  asked = undefined;
  random = generator(seed);
}

export function propose(value) {
  if (asked !== undefined) {
    const tried = { point: asked, value };
    history.push(tried);
    if (best === undefined || value < best.value) best = tried;
  }
  const point =
    best !== undefined && wantsExploit(history, task, random)
      ? exploit(best, history, task, random)
      : explore(history, task, random);
  asked = point.map((x) => Math.min(task.high, Math.max(task.low, x)));
  return asked;
}

// mulberry32, by Tommy Ettinger
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
`;
