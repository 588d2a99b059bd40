/** The initial program of tsp-construct: nearest neighbour from city 0. */
export const seed = `// EVOLVE-BLOCK-START start
function startCity(cities, distances) {
  return 0;
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START score
function score(city, current, first, unvisited, distances) {
  return distances[current][city];
}
// EVOLVE-BLOCK-END

// EVOLVE-BLOCK-START choice
function choose(scores, current, first, unvisited, distances) {
  let best = 0;
  for (let i = 1; i < scores.length; i++) {
    if (scores[i] < scores[best]) best = i;
  }
  return unvisited[best];
}
// EVOLVE-BLOCK-END

let allDistances = [];
let firstCity = 0;

export function begin(cities) {
  allDistances = cities.map(([x, y]) => cities.map(([x2, y2]) => Math.hypot(x - x2, y - y2)));
  firstCity = startCity(cities, allDistances);
  return firstCity;
}

export function next(current, unvisited) {
  const scores = unvisited.map((city) => score(city, current, firstCity, unvisited, allDistances));
  return choose(scores, current, firstCity, unvisited, allDistances);
}
`;
