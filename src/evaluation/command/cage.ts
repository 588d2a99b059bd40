/** What a command sees of the machine under bubblewrap. Holds no state; runs nothing but `bwrap --help`. */
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CommandScoring, UsageError } from "../../core/index.ts";
import { systemPath } from "../bubblewrap.ts";
import { isWithin, systemFolders, type Toolchains } from "./toolchains.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** Which files a command sees; the same for every candidate. */
export interface Cage {
  /** In the order of mounting: a later one covers an earlier one. */
  readonly mounts: readonly Mount[];
  /** Memory that its temporary files may take, in bytes. */
  readonly temporaryBytes: number;
}

type Mount =
  | { readonly kind: "show" | "hide"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** Plans the cage of a command. Throws a UsageError when a path that it should read is not there. */
export function planCage(scoring: CommandScoring, toolchains: Toolchains): Cage {
  const { folder, readable, memoryMb } = scoring;
  const asked = [...(folder === undefined ? [] : [folder]), ...readable].map((path) => resolve(path));
  const missing = asked.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new UsageError(`command: ${missing} does not exist; correct 'folder' or 'readable'`);
  }
  const mounts = [
    ...systemFolders.flatMap(systemMount),
    // Root would own them in the cage as well; the system keeps them from any other user.
    ...(process.getuid?.() === 0 ? unreadable("/etc").map(hide) : []),
    show("/sys/devices/system/cpu"),
    ...toolchains.shown.map(show),
    ...toolchains.hidden.map(hide),
    ...asked.flatMap((path) => [...new Set([path, realpathSync(path)])].map(show)),
  ].filter(({ path }) => existsSync(path));
  return { mounts, temporaryBytes: (memoryMb * 2 ** 20) / 2 };
}

/** Whether a file of the machine can be read in the cage under this path. */
export function isShown(cage: Cage, path: string): boolean {
  const isUncovered = (real: string) =>
    cage.mounts.findLast((mount) => isWithin(real, mount.path))?.kind === "show";
  const isLinked = cage.mounts.some((mount) => mount.kind === "link" && isWithin(path, mount.path));
  return (isLinked || isUncovered(path)) && isUncovered(realpathSync(path));
}

/**
 * The arguments of bwrap up to the command: no network, no other processes, no capabilities, nothing of the
 * machine but the cage's files, read-only, and the working copy. Its status comes over file descriptor 3.
 */
export async function cageArguments(cage: Cage, copy: WorkingCopy): Promise<string[]> {
  const help = await bubblewrapHelp();
  const size = help.includes("--size") ? ["--size", String(cage.temporaryBytes)] : [];
  return [
    ...["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...(help.includes("--disable-userns") ? ["--disable-userns"] : []),
    // Inside, the user that runs Allele is "nobody"; outside it stays itself, so it can write the working copy.
    ...["--uid", "65534", "--gid", "65534", "--json-status-fd", "3"],
    // Root owns the kernel's settings below /proc also without capabilities; a read-only mount covers all of them.
    ...["--proc", "/proc", "--remount-ro", "/proc"],
    ...["--dev", "/dev", ...size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ...[...size, "--tmpfs", "/tmp", "--symlink", "/tmp", "/var/tmp"],
    ...cage.mounts.flatMap(mountArguments),
    ...["--bind", copy.place, copy.place, "--remount-ro", "/", "--chdir", copy.folder, "--"],
  ];
}

let helpText: Promise<string> | undefined;

/** The options that this bwrap knows: `--size` came with 0.7, `--disable-userns` with 0.8. */
function bubblewrapHelp(): Promise<string> {
  helpText ??= new Promise((done) => {
    execFile("bwrap", ["--help"], { env: { PATH: systemPath } }, (_error, stdout) => done(stdout));
  });
  return helpText;
}

const show = (path: string): Mount => ({ kind: "show", path });
const hide = (path: string): Mount => ({ kind: "hide", path });

function systemMount(path: string): Mount[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return [stats.isSymbolicLink() ? { kind: "link", path, target: readlinkSync(path) } : show(path)];
}

function mountArguments(mount: Mount): string[] {
  if (mount.kind === "link") return ["--symlink", mount.target, mount.path];
  if (mount.kind === "show") return ["--ro-bind", mount.path, mount.path];
  const isFolder = lstatSync(mount.path).isDirectory();
  return isFolder
    ? ["--tmpfs", mount.path, "--remount-ro", mount.path]
    : ["--ro-bind", "/dev/null", mount.path];
}

/** Files and folders that not everybody may read. */
function unreadable(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const mode = lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if (entry.isDirectory()) return (mode & 0o005) === 0o005 ? unreadable(path) : [path];
    return entry.isFile() && (mode & 0o004) === 0 ? [path] : [];
  });
}
