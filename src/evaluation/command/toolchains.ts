/**
 * Finds the toolchains that a user's PATH names in places that a sandbox hides, such as a Python below the home
 * folder, so that they can be shown without the home folder itself and without the credentials beside them.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

/** What a command needs of the user's toolchains. */
export interface Toolchains {
  /** Files and folders to show, absolute, no one within another. */
  readonly shown: readonly string[];
  /** Files and folders within them that may hold credentials. */
  readonly hidden: readonly string[];
  /** Variables that tell a toolchain where it is, as HOME does not. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Folders of the system: shown whole. */
export const systemFolders: readonly string[] = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/etc",
  "/opt",
  "/nix",
  "/gnu",
];

/** Version managers by the name of their folder, with the variable that names it. */
const managers: Readonly<Record<string, string>> = {
  ".asdf": "ASDF_DATA_DIR",
  ".elan": "ELAN_HOME",
  ".nodenv": "NODENV_ROOT",
  ".nvm": "NVM_DIR",
  ".pyenv": "PYENV_ROOT",
  ".rbenv": "RBENV_ROOT",
  ".volta": "VOLTA_HOME",
};

/** Folders whose parent is the toolchain. */
const programFolders = ["bin", "sbin", ".bin", "shims"];

/** No folder of these names, or anything below, is shown. */
const secretFolders =
  /^\.(ssh|aws|azure|config|docker|gcloud|gnupg|kube|mozilla|password-store|git|thunderbird)$/;

/** Names at the top of a toolchain that may hold credentials. */
const secretNames =
  /^(\.?credentials.*|\.env.*|\.netrc|\.npmrc|\.pypirc|\.condarc|\.git-credentials|auth\.json|id_[a-z0-9]+|.*\.(key|pem))$/i;

/** Whether a path is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** Finds what to show for these folders of a PATH and for the program at this path (undefined: none). */
export function findToolchains(entries: readonly string[], program: string | undefined): Toolchains {
  const search = new Search();
  for (const entry of entries) search.addFolder(entry);
  if (program !== undefined) search.addProgram(program);
  return search.result();
}

class Search {
  readonly #shown = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #environment: Record<string, string> = {};
  readonly #homes = new Set([homedir(), userInfo().homedir, "/root"]);

  /** Shows a program outside the toolchains, and the toolchains of what it links to. */
  addProgram(program: string): void {
    for (const path of new Set([program, realpathSync(program)])) {
      if (isSystem(path)) continue;
      if (programFolders.includes(basename(dirname(path)))) this.addFolder(dirname(path));
      if (!path.split("/").some((name) => secretFolders.test(name))) this.#shown.add(path);
    }
  }

  /** Shows a folder of programs with the toolchain that it belongs to. */
  addFolder(entry: string): void {
    const path = entry.replace(/(?<=.)\/+$/, "");
    if (this.#seen.has(path) || !isFolder(path)) return;
    this.#seen.add(path);
    this.addFolder(realpathSync(path));
    if (isSystem(path) || path.split("/").some((name) => secretFolders.test(name))) return;
    for (const root of this.#roots(path)) {
      this.#shown.add(root);
      const base = baseOfVirtualEnvironment(root);
      if (base !== undefined) this.addFolder(base);
    }
  }

  result(): Toolchains {
    const all = [...this.#shown];
    const shown = all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
    const hidden = shown.filter(isFolder).flatMap((root) =>
      readdirSync(root)
        .filter((name) => secretNames.test(name) || secretFolders.test(name))
        .map((name) => join(root, name)),
    );
    return { shown, hidden, environment: this.#environment };
  }

  #roots(path: string): string[] {
    if (!programFolders.includes(basename(path))) return this.#isShared(path) ? [] : [path];
    const parent = dirname(path);
    const name = basename(parent);
    if (name === ".local") {
      this.#environment.PYTHONUSERBASE ??= parent;
      const parts = ["lib", "share/uv/python", "share/uv/tools", "share/pipx", "pipx/venvs"];
      return [path, ...parts.map((part) => join(parent, part)).filter(isFolder)];
    }
    if (name === ".cargo") {
      const rustup = join(dirname(parent), ".rustup");
      if (!isFolder(rustup)) return [path];
      this.#environment.RUSTUP_HOME ??= rustup;
      return [path, rustup];
    }
    const variable = Object.hasOwn(managers, name) ? managers[name] : undefined;
    if (variable !== undefined) this.#environment[variable] ??= parent;
    // The bin folder of a project, or of a home: what lies beside it is no toolchain.
    else if (this.#isShared(parent) || existsSync(join(parent, ".git"))) {
      return [path, join(parent, "lib")].filter(isFolder);
    }
    return [parent];
  }

  /** Whether a folder holds more than one toolchain: a home or what is above it, or a folder at the top. */
  #isShared(path: string): boolean {
    if (path.split("/").length <= 2 || /^\/(home|Users)\/[^/]+$/.test(path)) return true;
    return [...this.#homes, tmpdir()].some((place) => isWithin(place, path));
  }
}

function isSystem(path: string): boolean {
  return systemFolders.some((folder) => isWithin(path, folder));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The bin folder of the Python that a virtual environment was made from; undefined for any other folder. */
function baseOfVirtualEnvironment(root: string): string | undefined {
  const file = join(root, "pyvenv.cfg");
  if (!existsSync(file)) return undefined;
  const home = /^home\s*=\s*(.+)$/m.exec(readFileSync(file, "utf8"))?.[1]?.trim();
  return home !== undefined && isAbsolute(home) ? home : undefined;
}
