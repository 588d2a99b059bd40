/** Starts the scripts of this folder as processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process under way. */
export interface Child {
  readonly process: ChildProcess;
  /** The next line that it prints; undefined when it has ended. */
  nextLine(): Promise<string | undefined>;
  /** Waits for its end. */
  ended(): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a script from its TypeScript source, so that no build is needed. */
export function startChild(script: string, ...values: readonly string[]): Child {
  return start(process.execPath, ...command(script), ...values);
}

/** Starts a script that can write no file larger than 256 KiB (or 512, as the shell counts), as on a full disk. */
export function startChildOnFullDisk(script: string, ...values: readonly string[]): Child {
  const limited = 'ulimit -f 512 && exec "$0" "$@"';
  return start("sh", "-c", limited, process.execPath, ...command(script), ...values);
}

function command(script: string): readonly string[] {
  return ["--import", "jiti/register", fileURLToPath(new URL(script, import.meta.url))];
}

function start(program: string, ...values: readonly string[]): Child {
  const child = spawn(program, values, {
    stdio: ["pipe", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
  });
  const end = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    nextLine: async () => (await lines.next()).value,
    ended: async () => {
      const [code, signal] = await end;
      return { code, signal };
    },
  };
}
