/**
 * Watches the processes of running commands: how much memory each tree takes, and how many processes it has.
 * All commands share one timer and one reading of the process table; a process is looked up once, when it is new.
 */
import { carries, listProcesses, proportionalKb, readProcess, signalProcess } from "../processes.ts";

/** What a tree of processes may use, and who is told when it uses more. */
export interface TreeLimits {
  /** Finds processes that left the tree; undefined where they cannot leave it (bubblewrap). */
  readonly marker: string | undefined;
  readonly memoryMb: number;
  readonly processes: number;
  exceeded(limit: "memory" | "processes"): void;
}

/** A command and all its descendants. */
export class ProcessTree {
  readonly limits: TreeLimits;
  readonly members = new Set<number>();
  constructor(limits: TreeLimits) {
    this.limits = limits;
    open(this);
  }

  /** Names the first process of the tree. Made before it started, the tree misses none of its children. */
  start(pid: number): void {
    this.members.add(pid);
    owners.set(pid, this);
  }

  /** Ends every process that was seen in the tree, the first one excepted. */
  killDescendants(root: number): void {
    look();
    for (const pid of this.members) if (pid !== root) signalProcess(pid, "SIGKILL");
  }

  close(): void {
    trees.delete(this);
    if (trees.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    owners.clear();
  }
}

const intervalMs = 25;
const trees = new Set<ProcessTree>();
/** Every process that runs; undefined for those of others. */
const owners = new Map<number, ProcessTree | undefined>();
let timer: NodeJS.Timeout | undefined;

function open(tree: ProcessTree): void {
  trees.add(tree);
  if (timer !== undefined) return;
  // What runs before the first command starts is none of its children.
  for (const pid of listProcesses()) owners.set(pid, undefined);
  timer = setInterval(check, intervalMs);
}

function check(): void {
  look();
  for (const tree of trees) {
    const limit = exceededLimit(tree);
    if (limit !== undefined) tree.limits.exceeded(limit);
  }
}

/** Brings the owners and the members up to date. */
function look(): void {
  const running = new Set(listProcesses());
  for (const pid of running) ownerOf(pid);
  for (const [pid, owner] of owners) {
    if (running.has(pid)) continue;
    owners.delete(pid);
    owner?.members.delete(pid);
  }
}

function ownerOf(pid: number): ProcessTree | undefined {
  if (pid === 0 || owners.has(pid)) return owners.get(pid);
  const parent = readProcess(pid)?.parent ?? 0;
  const owner = ownerOf(parent) ?? [...trees].find(({ limits }) => isMarked(pid, limits.marker));
  owners.set(pid, owner);
  owner?.members.add(pid);
  return owner;
}

function isMarked(pid: number, marker: string | undefined): boolean {
  return marker !== undefined && carries(pid, marker);
}

function exceededLimit({ limits, members }: ProcessTree): "memory" | "processes" | undefined {
  if (members.size > limits.processes) return "processes";
  const limitKb = limits.memoryMb * 1024;
  const residentKb = sum(members, (pid) => readProcess(pid)?.residentKb ?? 0);
  if (residentKb <= limitKb) return undefined;
  if (members.size === 1) return "memory";
  // Processes that were forked share most of their pages: these count once.
  return sum(members, (pid) => proportionalKb(pid) ?? 0) > limitKb ? "memory" : undefined;
}

function sum(members: ReadonlySet<number>, measure: (pid: number) => number): number {
  let total = 0;
  for (const pid of members) total += measure(pid);
  return total;
}
