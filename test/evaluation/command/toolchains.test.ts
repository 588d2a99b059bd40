import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { findToolchains } from "../../../src/evaluation/command/toolchains.ts";
import { makeFolder, removeFolder } from "../../store/folder.ts";

let home: string;

beforeEach(() => {
  const folder = realpathSync(makeFolder());
  home = join(folder, "people/ada");
  vi.stubEnv("HOME", home);
  onTestFinished(() => removeFolder(folder));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Makes files below the home folder, and says what is found for these folders of a PATH. */
function find(files: readonly string[], entries: readonly string[], program?: string) {
  for (const file of files) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), "", { mode: 0o755 });
  }
  const below = (path: string) => path.replace(`${home}/`, "~/");
  const found = findToolchains(
    entries.map((entry) => join(home, entry)),
    program === undefined ? undefined : join(home, program),
  );
  const environment = Object.entries(found.environment).map(([name, value]) => [name, below(value)]);
  return { shown: found.shown.map(below), hidden: found.hidden.map(below), environment };
}

describe("findToolchains", () => {
  it("shows a toolchain whole, with the variable of its version manager", () => {
    const files = [".pyenv/shims/python3", ".pyenv/versions/3/bin/python3", "miniconda3/bin/python3"];
    expect(find(files, [".pyenv/shims", ".pyenv/versions/3/bin", "miniconda3/bin"])).toEqual({
      shown: ["~/.pyenv", "~/miniconda3"],
      hidden: [],
      environment: [["PYENV_ROOT", "~/.pyenv"]],
    });
  });

  it("shows programs and toolchains of Rust without the credentials of cargo", () => {
    const files = [".cargo/bin/cargo", ".cargo/credentials.toml", ".rustup/settings.toml"];
    expect(find(files, [".cargo/bin"])).toEqual({
      shown: ["~/.cargo/bin", "~/.rustup"],
      hidden: [],
      environment: [["RUSTUP_HOME", "~/.rustup"]],
    });
  });

  it("hides credentials at the top of a toolchain", () => {
    const secrets = [".condarc", ".env", ".git/config", "credentials.json"];
    const files = ["conda/bin/python3", "conda/lib/x", ...secrets.map((name) => `conda/${name}`)];
    const { shown, hidden } = find(files, ["conda/bin"]);
    // A folder with .git is a project: nothing but its programs and libraries is shown.
    expect({ shown, hidden }).toEqual({ shown: ["~/conda/bin", "~/conda/lib"], hidden: [] });
    const managed = ["bin/x", ".git/config", ".netrc", "key.pem", "plain"].map((name) => `.rbenv/${name}`);
    expect(find(managed, [".rbenv/bin"]).hidden.sort()).toEqual([
      "~/.rbenv/.git",
      "~/.rbenv/.netrc",
      "~/.rbenv/key.pem",
    ]);
  });

  it("never shows a home, a folder above it, or one of secrets", () => {
    const files = ["bin/tool", "tool", ".docker/bin/x", ".ssh/x", ".config/composer/bin/x", ".profile"];
    const entries = ["bin", ".", "..", ".docker/bin", ".ssh", ".config/composer/bin", "none/bin"];
    expect(find(files, entries).shown).toEqual(["~/bin"]);
    expect(findToolchains(["/", "/home", "/root", "/usr/bin", "/bin"], undefined).shown).toEqual([]);
  });

  it("shows of ~/.local its programs, their libraries and their Pythons", () => {
    const files = [
      ".local/bin/x",
      ".local/lib/python3/x",
      ".local/share/uv/python/x",
      ".local/share/keyrings/x",
    ];
    expect(find(files, [".local/bin"])).toEqual({
      shown: ["~/.local/bin", "~/.local/lib", "~/.local/share/uv/python"],
      hidden: [],
      environment: [["PYTHONUSERBASE", "~/.local"]],
    });
  });

  it("follows a virtual environment and links to where the program is", () => {
    mkdirSync(join(home, "venv/bin"), { recursive: true });
    writeFileSync(join(home, "venv/pyvenv.cfg"), `home = ${home}/python/bin\nversion = 3\n`);
    symlinkSync(join(home, "linked/bin/tool"), join(home, "venv/bin/tool"));
    const files = ["python/bin/python3", "linked/bin/tool", "other/run"];
    expect(find(files, ["venv/bin"], "venv/bin/tool").shown).toEqual(["~/venv", "~/python", "~/linked"]);
    expect(find(files, [], "other/run").shown).toEqual(["~/other/run"]);
  });
});
