// Prints one line of JSON: the digits of accuracy of the program's sine, and where it is worst.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { sine } = await import(pathToFileURL(resolve(process.argv[2])).href);
let worst = { x: 0, error: 0 };
for (let x = -10; x <= 10; x += 0.01) {
  const error = Math.abs(sine(x) - Math.sin(x));
  if (!(error <= worst.error)) worst = { x, error };
}
const digits = Number.isFinite(worst.error) ? Math.min(15, -Math.log10(worst.error)) : -15;
const feedback = `largest error ${worst.error.toExponential(2)}, at x = ${worst.x.toFixed(2)}`;
console.log(JSON.stringify({ metrics: { digits, worst_x: worst.x }, feedback }));
