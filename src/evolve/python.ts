/** Finding the Python that runs an evaluator, past launchers, and the folders of its packages. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { UsageError } from "../core/index.ts";

/** Folder of the Python files that run the peers' evaluators. */
export const pythonFolder = fileURLToPath(new URL("./python", import.meta.url));

/** Variables with which every evaluator in Python runs: no files beside it, the same hashes each time. */
export const pythonEnvironment = {
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONHASHSEED: "0",
  PYTHONIOENCODING: "utf-8",
  PYTHONUNBUFFERED: "1",
} as const;

/** Bytes that a peer's evaluator may print; they print more than commands made for Allele. */
export const peerOutputBytes = 10_000_000;

/** A Python interpreter. */
export interface Python {
  /** Absolute path of the real interpreter, past any launcher script. */
  readonly executable: string;
  /** Folders that hold its packages. */
  readonly readable: readonly string[];
  /** Variables that make it find the same packages when its home folder is another. */
  readonly environment: Readonly<Record<string, string>>;
}

// The folders of the interpreter itself are found by whoever builds the sandbox; packages may lie elsewhere, and
// those of the user are searched for below HOME, which is another one there.
const probe = `
import json, os, site, sys
found = [os.path.abspath(path) for path in sys.path if path]
environment = {"PYTHONUSERBASE": site.getuserbase()} if site.getusersitepackages() in sys.path else {}
if os.environ.get("PYTHONPATH"):
    environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
print(json.dumps({
    "executable": sys.executable,
    "readable": [path for path in found if os.path.exists(path)],
    "environment": environment,
}))
`;

/** Asks the Python called `name` (on the PATH, or a path) where it lives. Throws a UsageError if there is none. */
export function findPython(name: string): Python {
  const { status, stdout, stderr, error } = spawnSync(name, ["-c", probe], {
    encoding: "utf8",
    timeout: 60_000,
  });
  if (status !== 0) {
    const reason = error === undefined ? stderr.trim().split("\n").at(-1) : error.message;
    throw new UsageError(
      `The evaluator needs Python, and '${name}' cannot be started (${reason}); install Python 3.8 or later, or name another with --python`,
    );
  }
  const { executable, readable, environment } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Python;
  return { executable, readable: outermost(readable), environment };
}

/** The folders that no other of them contains. */
function outermost(folders: readonly string[]): string[] {
  const unique = [...new Set(folders)];
  return unique.filter(
    (folder) => !unique.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );
}
