/** The pages on models and plugins: their TypeScript is checked against the package, their model texts are read. */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readModel } from "../../src/read-model.ts";
import { temporaryFolder } from "../cli/allele.ts";

const pages = readdirSync("docs").filter((file) => /^models.*\.md$/.test(file));
/** Pages that show TypeScript beside those on models. */
const others = ["operators.md", "populations.md", "problems.md"];
const textOf = new Map(
  ["README.md", ...pages, ...others].map((file) => [
    file,
    readFileSync(file === "README.md" ? file : join("docs", file), "utf8"),
  ]),
);

describe("the pages on models", () => {
  it("are one for each provider and one for all", () => {
    expect(pages.sort()).toEqual(
      [
        "models.md",
        ...["ai-sdk", "gguf", "ollama", "openai", "transformers"].map((name) => `models-${name}.md`),
      ].sort(),
    );
    for (const page of pages)
      expect(textOf.get("models.md") === textOf.get(page) || textOf.get("models.md")!.includes(page)).toBe(
        true,
      );
  });

  it("show TypeScript that type-checks", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    const files = [...pages, ...others].flatMap((page) =>
      [...textOf.get(page)!.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""], index) => {
        const file = join(folder, `${page}-${index}.ts`);
        writeFileSync(file, `${code}\nexport {};\n`);
        return file;
      }),
    );
    expect(files.length).toBeGreaterThanOrEqual(10);
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
      ts.sys,
      resolve("."),
    );
    const program = ts.createProgram(files, {
      ...options,
      ...{ noEmit: true, noUnusedLocals: false, skipLibCheck: true, rootDir: "/" },
      ...{
        baseUrl: resolve("."),
        paths: { allele: ["./src/index.ts"], "allele/testing": ["./src/testing/index.ts"] },
      },
      typeRoots: [resolve("node_modules/@types")],
    });
    const complaints = files.flatMap((file) => {
      const source = program.getSourceFile(file);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ messageText }) =>
          `${file.slice(folder.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    });
    expect(complaints).toEqual([]);
  }, 120_000);

  it("name models that can be read", () => {
    const texts = [...textOf.values()].flatMap((text) =>
      [...text.matchAll(/--model '?((?:ollama|openai|gguf|onnx|ai-sdk):[^\s'`)]+)/g)].map(
        ([, model = ""]) => model,
      ),
    );
    expect(texts.length).toBeGreaterThanOrEqual(10);
    for (const text of texts) expect(readModel(text).model.name).not.toBe("");
  });
});
