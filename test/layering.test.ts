import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each layer may import besides its own files, most specific path first. */
const layers: readonly { readonly path: string; readonly mayImport: readonly string[] }[] = [
  { path: "src/core/", mayImport: [] },
  { path: "src/analysis/", mayImport: [] },
  { path: "src/llm/", mayImport: ["src/core/"] },
  { path: "src/evaluation/", mayImport: ["src/core/"] },
  { path: "src/store/", mayImport: ["src/core/"] },
  { path: "src/decompose/", mayImport: ["src/core/"] },
  { path: "src/evolve/", mayImport: ["src/core/", "src/decompose/"] },
  { path: "operators/", mayImport: ["src/core/index.ts"] },
  // What a worker loads of a problem, its scorer, needs src/core/index.ts alone.
  { path: "problems/", mayImport: ["src/core/index.ts", "src/decompose/index.ts"] },
  { path: "src/version.ts", mayImport: [] },
  { path: "src/engine/", mayImport: ["src/core/", "src/llm/", "src/evaluation/"] },
  { path: "src/engine.ts", mayImport: ["src/core/", "src/llm/", "src/evaluation/", "src/engine/"] },
  { path: "src/plugins.ts", mayImport: ["src/core/", "operators/", "problems/"] },
  { path: "src/read-model.ts", mayImport: ["src/core/", "src/llm/"] },
  { path: "src/claims.ts", mayImport: ["src/core/", "src/analysis/"] },
  {
    path: "src/campaign.ts",
    mayImport: [
      ...["src/core/", "src/llm/", "src/engine.ts", "src/plugins.ts", "src/read-model.ts"],
      "src/claims.ts",
    ],
  },
  { path: "src/describe-campaign.ts", mayImport: ["src/core/", "src/campaign.ts", "src/claims.ts"] },
  { path: "src/prepare-models.ts", mayImport: ["src/core/", "src/llm/", "src/store/", "src/campaign.ts"] },
  { path: "src/replay.ts", mayImport: ["src/core/", "src/llm/", "src/store/", "src/engine.ts"] },
  {
    path: "src/run-campaign.ts",
    mayImport: [
      ...["src/core/", "src/store/", "src/evaluation/"],
      ...["src/engine.ts", "src/campaign.ts", "src/describe-campaign.ts", "src/version.ts"],
      ...["src/prepare-models.ts", "src/replay.ts"],
    ],
  },
  { path: "src/testing/", mayImport: ["src/core/index.ts"] },
  { path: "src/cli/", mayImport: ["src/", "operators/", "problems/"] },
  { path: "src/index.ts", mayImport: ["src/", "operators/", "problems/"] },
];

const files = ["src", "operators", "problems"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file)),
);

/** Every module that a file names in an import or export. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, module]) => module ?? "");
}

describe("layering", () => {
  it("covers every source file", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => layers.every(({ path }) => !file.startsWith(path)))).toEqual([]);
  });

  it.each(files)("%s imports only what its layer may", (file) => {
    const layer = layers.find(({ path }) => file.startsWith(path));
    const inside = importsOf(file)
      .filter((module) => module.startsWith("."))
      .map((module) => normalize(relative("/", join("/", dirname(file), module))));
    const allowed = (target: string) =>
      target.startsWith(layer?.path ?? "") || layer?.mayImport.some((path) => target.startsWith(path));
    expect(inside.filter((target) => !allowed(target))).toEqual([]);
  });

  it("keeps clocks, chance and the environment out of the pure layers", () => {
    const pure = files.filter((file) => /^(src\/core|src\/analysis|operators|problems)\//.test(file));
    const used = pure.filter((file) =>
      /Math\.random|Date\.now|performance\.now|new Date|process\.[a-z]|node:fs/.test(
        readFileSync(join(root, file), "utf8"),
      ),
    );
    expect(used).toEqual([]);
  });

  it("reads the environment and exits in the command line alone", () => {
    const used = files.filter((file) =>
      /process\.(env|exit|argv)/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(used.filter((file) => !file.startsWith("src/cli/"))).toEqual([]);
  });

  it("names the version of package.json", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(readFileSync(join(root, "src/version.ts"), "utf8")).toContain(`"${version}"`);
  });
});
