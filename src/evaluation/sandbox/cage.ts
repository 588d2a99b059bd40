/** The command line of the process that runs candidates: what it may see, and what it may use. */
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { dirname, join } from "node:path";
import { AlleleError } from "../../core/index.ts";
import { systemPath, type Wall } from "../bubblewrap.ts";

/** A program with its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where the program of the child and Node lie inside the cage: their own paths would tell about the host. */
const programInside = "/sandbox/child.mjs";
const nodeInside = "/sandbox/node";

/** What is to run, and behind what. */
export interface CageOptions {
  readonly wall: Wall;
  /** A module for Node. */
  readonly program: string;
  /** Whether Node restricts the program, too; false only to try the outer wall alone. */
  readonly isRestricted: boolean;
  /** Bounds the JavaScript heap. */
  readonly memoryMb: number;
}

/** The command that runs a program behind walls. */
export function cageCommand({ wall, program, isRestricted, memoryMb }: CageOptions): CommandLine {
  const isCaged = wall === "bubblewrap";
  const place = isCaged ? programInside : program;
  const node = [
    ...[isCaged ? nodeInside : process.execPath, `--max-old-space-size=${memoryMb}`],
    ...[...(isRestricted ? nodeRestrictions(place) : []), place],
  ];
  const caged = isCaged ? ["bwrap", ...bubblewrapOptions(program), ...node] : node;
  const [command = "", ...args] = [...limits(memoryMb), ...caged];
  return { command, args };
}

function nodeRestrictions(program: string): string[] {
  const isStable = process.allowedNodeEnvironmentFlags.has("--permission");
  return [
    "--disallow-code-generation-from-strings",
    "--frozen-intrinsics",
    "--experimental-vm-modules",
    "--unhandled-rejections=none",
    "--no-warnings",
    isStable ? "--permission" : "--experimental-permission",
    `--allow-fs-read=${program}`,
  ];
}

/**
 * Everything is taken away (files, network, other processes, rights), then these few files are put in, to be
 * read only. There is no /proc, no /dev and no place to write.
 */
function bubblewrapOptions(program: string): string[] {
  const libraries = sharedLibraries();
  const unusual = new Set(libraries.map(dirname).filter((folder) => !/^\/(usr\/)?lib/.test(folder)));
  return [
    "--unshare-all",
    ...["--die-with-parent", "--new-session", "--clearenv"],
    ...(unusual.size === 0 ? [] : ["--setenv", "LD_LIBRARY_PATH", [...unusual].join(":")]),
    ...["--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"],
    ...libraries.flatMap((path) => ["--ro-bind", path, path]),
    ...["--ro-bind", process.execPath, nodeInside, "--ro-bind", program, programInside],
    ...["--chdir", "/", "--remount-ro", "/"],
  ];
}

let found: readonly string[] | undefined;

/** The shared libraries that Node itself loads; a process without add-ons says which. */
function sharedLibraries(): readonly string[] {
  if (found === undefined) {
    const script =
      "process.report.excludeNetwork = true; JSON.stringify(process.report.getReport().sharedObjects)";
    try {
      const text = execFileSync(process.execPath, ["-p", script], { env: {}, encoding: "utf8" });
      found = (JSON.parse(text) as string[]).filter((path) => path.startsWith("/"));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new AlleleError(`Node does not say which libraries the sandbox needs: ${why.slice(0, 500)}`);
    }
  }
  return found;
}

/** Limits of the kernel, where the system has the program that sets them. */
function limits(memoryMb: number): string[] {
  const prlimit = systemPath.split(":").map((folder) => join(folder, "prlimit"));
  const program = prlimit.find((path) => isExecutable(path));
  if (program === undefined) return [];
  // Node reserves far more addresses than it uses.
  const addressBytes = (4096 + 4 * memoryMb) * 2 ** 20;
  return [program, "--core=0", "--fsize=0", "--nofile=64", `--as=${addressBytes}`];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
