/** The command line of the process that runs candidates: what it may see, and what it may use. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { systemPath, type Wall } from "../bubblewrap.ts";

/** A program with its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where the program of the child lies inside the cage. */
const placeInside = "/sandbox/child.mjs";

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
  const place = wall === "none" ? program : placeInside;
  const restrictions = isRestricted ? nodeRestrictions(place) : [];
  const node = [process.execPath, `--max-old-space-size=${memoryMb}`, ...restrictions, place];
  const caged = wall === "none" ? node : ["bwrap", ...bubblewrapOptions(program), ...node];
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
  return [
    "--unshare-all",
    ...["--die-with-parent", "--new-session", "--clearenv"],
    ...["--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"],
    ...[process.execPath, ...sharedLibraries()].flatMap((path) => ["--ro-bind", path, path]),
    ...["--ro-bind", program, placeInside],
    ...["--chdir", "/", "--remount-ro", "/"],
  ];
}

let libraries: readonly string[] | undefined;

/** The shared libraries that Node itself loads; a child without add-ons says which. */
function sharedLibraries(): readonly string[] {
  if (libraries === undefined) {
    const script =
      "process.report.excludeNetwork = true; JSON.stringify(process.report.getReport().sharedObjects)";
    const text = execFileSync(process.execPath, ["-p", script], { env: {}, encoding: "utf8" });
    const found = (JSON.parse(text) as string[]).filter((path) => path.startsWith("/"));
    const cache = "/etc/ld.so.cache"; // where the loader looks up libraries in unusual folders
    libraries = existsSync(cache) ? [...found, cache] : found;
  }
  return libraries;
}

/** Limits of the kernel, where the system has the program that sets them. */
function limits(memoryMb: number): string[] {
  const prlimit = systemPath.split(":").map((folder) => join(folder, "prlimit"));
  const found = prlimit.find((path) => isExecutable(path));
  if (found === undefined) return [];
  // Node reserves far more addresses than it uses.
  const addressBytes = (4096 + 4 * memoryMb) * 2 ** 20;
  return [found, "--core=0", "--fsize=0", "--nofile=64", `--as=${addressBytes}`];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
