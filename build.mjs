// Builds dist/: compiles, adds what is not compiled, makes the command executable.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
rmSync("dist", { recursive: true, force: true });
try {
  execFileSync(process.execPath, [tsc, "--project", "tsconfig.build.json"], { stdio: "inherit" });
} catch {
  process.exit(1); // the compiler has said what is wrong
}
// The shims that let evaluators of other systems, written in Python, run unchanged.
const isNeeded = (path) => !path.includes("__pycache__");
cpSync("src/evolve/python", "dist/src/evolve/python", { recursive: true, filter: isNeeded });
chmodSync("dist/src/cli/main.js", 0o755);
