import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSourceFile, readSourceFiles } from "../../src/decompose/index.ts";

describe("readSourceFiles", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "allele-source-"));
    for (const folder of ["src", "src/deep", ".git", "node_modules/x", "empty"]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    const write = (path: string, content: string | Uint8Array) => writeFileSync(join(root, path), content);
    write("src/b.py", "\uFEFFx = 'é😀'\r\ny\u2028\f");
    write("src/a.py", "");
    write("src/deep/c.txt", "c");
    write("Z.md", "# Z");
    write(".hidden", "no");
    write(".git/config", "no");
    write("node_modules/x/index.js", "no");
    write("picture.png", Uint8Array.of(0x89, 0x50, 0, 1, 0xff));
    symlinkSync(join(root, "src"), join(root, "link"));
    symlinkSync(join(root, "Z.md"), join(root, "link.md"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("reads a folder sorted by path, without hidden, binary and foreign files and links", () => {
    expect(readSourceFiles(root)).toEqual([
      { path: "Z.md", text: "# Z" },
      { path: "src/a.py", text: "" },
      { path: "src/b.py", text: "\uFEFFx = 'é😀'\r\ny\u2028\f" },
      { path: "src/deep/c.txt", text: "c" },
    ]);
    expect(readSourceFiles(join(root, "empty"))).toEqual([]);
  });

  it("reads one file, by its name or its path from a root", () => {
    expect(readSourceFiles(join(root, "src/deep/c.txt"))).toEqual([{ path: "c.txt", text: "c" }]);
    expect(readSourceFile(join(root, "src/deep/c.txt"), root)).toEqual({ path: "src/deep/c.txt", text: "c" });
  });

  it("refuses what it cannot read or decode", () => {
    const latin = join(root, "empty", "latin.py");
    writeFileSync(latin, Uint8Array.of(0x78, 0xe9, 0x0a));
    const message = `${latin} is not valid UTF-8; convert it, or leave it out of the solution`;
    for (const path of [latin, join(root, "empty")]) {
      expect(() => readSourceFiles(path)).toThrow(expect.objectContaining({ name: "UsageError", message }));
    }
    rmSync(latin);
    const missing = join(root, "missing");
    expect(() => readSourceFiles(missing)).toThrow(`Cannot read ${missing}: no such file or folder`);
    expect(() => readSourceFile(missing)).toThrow(`Cannot read ${missing}: ENOENT`);
  });
});
