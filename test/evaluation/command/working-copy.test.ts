import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeWorkingCopy, removeWorkingCopy } from "../../../src/evaluation/command/working-copy.ts";
import { temporaryFolder } from "../../store/folder.ts";

const { signal } = new AbortController();

describe("a working copy", () => {
  it("keeps links within the folder, within the copy, and leaves out those that lead out", async () => {
    const [outside, folder] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(outside, "secret"), "secret");
    mkdirSync(join(folder, "data/deep"), { recursive: true });
    writeFileSync(join(folder, "data/numbers"), "1");
    symlinkSync("../numbers", join(folder, "data/deep/relative"));
    symlinkSync(join(folder, "data/numbers"), join(folder, "absolute"));
    symlinkSync(outside, join(folder, "out"));
    symlinkSync("data/../../../etc/passwd", join(folder, "passwd"));
    symlinkSync("nowhere", join(folder, "broken"));
    symlinkSync("out/secret", join(folder, "chain"));
    const copy = await makeWorkingCopy(folder, [], signal);
    expect(readdirSync(copy.folder).sort()).toEqual(["absolute", "data"]);
    expect(readlinkSync(join(copy.folder, "absolute"))).toBe("data/numbers");
    writeFileSync(join(copy.folder, "data/deep/relative"), "2");
    expect(readFileSync(join(copy.folder, "absolute"), "utf8")).toBe("2");
    expect(readFileSync(join(folder, "data/numbers"), "utf8")).toBe("1");
    await removeWorkingCopy(copy.place);
    expect(readdirSync(outside)).toEqual(["secret"]);
  });

  it("puts a candidate's file in place of a link, and keeps whether a file can be executed", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "other"), "old");
    symlinkSync("other", join(folder, "link"));
    writeFileSync(join(folder, "run"), "old", { mode: 0o555 });
    const files = ["link", "run", "new/deep/file"].map((path) => ({ path, text: "new" }));
    const copy = await makeWorkingCopy(folder, files, signal);
    const read = (path: string) => readFileSync(join(copy.folder, path), "utf8");
    expect(["other", "link", "run", "new/deep/file"].map(read)).toEqual(["old", "new", "new", "new"]);
    const mode = (path: string) => lstatSync(join(copy.folder, path)).mode & 0o111;
    expect([mode("run"), mode("link")]).toEqual([0o111, 0]);
    await removeWorkingCopy(copy.place);
  });

  it("does not copy itself when it is made within the folder", async () => {
    const folder = temporaryFolder();
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    writeFileSync(join(folder, "a"), "");
    try {
      const [first, second] = await Promise.all([1, 2].map(() => makeWorkingCopy(folder, [], signal)));
      expect(first && second && readdirSync(second.folder)).toEqual(["a"]);
      expect(first?.place.startsWith(folder)).toBe(true);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
