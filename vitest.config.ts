import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const pure = ["core", "analysis", "operators", "problems", "testing", "decompose"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^allele\/analysis$/, replacement: source("./src/analysis/index.ts") },
      { find: /^allele\/testing$/, replacement: source("./src/testing/index.ts") },
      { find: /^allele$/, replacement: source("./src/index.ts") },
    ],
  },
  test: {
    testTimeout: 60_000,
    maxWorkers: "100%",
    projects: [
      // What keeps no state of its own shares its modules: loading them for each file takes longer than the tests.
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
      { extends: true, test: { name: "all other", include: ["test/**/*.test.ts"], exclude: pure } },
    ],
  },
});
