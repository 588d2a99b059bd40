import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^allele\/analysis$/, replacement: source("./src/analysis/index.ts") },
      { find: /^allele\/testing$/, replacement: source("./src/testing/index.ts") },
      { find: /^allele$/, replacement: source("./src/index.ts") },
    ],
  },
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, maxWorkers: "100%" },
});
