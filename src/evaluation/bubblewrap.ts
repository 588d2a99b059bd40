/** Bubblewrap: the wall of operating-system namespaces around code that nobody trusts. */
import { execFile } from "node:child_process";

/** What keeps untrusted code in: bubblewrap, or nothing but process limits. */
export type Wall = "bubblewrap" | "none";

/** Where programs of the system are looked for; a fixed list, so that a user's PATH cannot name another bwrap. */
export const systemPath = "/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin";

/** Says in one sentence why bubblewrap cannot be used on this machine; undefined when it can. */
export function whyNoBubblewrap(path = systemPath): Promise<string | undefined> {
  const probe = ["--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "true"];
  return new Promise((resolve) => {
    execFile("bwrap", probe, { env: { PATH: path }, timeout: 10_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.code === "ENOENT") resolve("bubblewrap (bwrap) is not installed");
      else resolve(`bubblewrap does not work here: ${(stderr.trim() || error.message.trim()).slice(0, 200)}`);
    });
  });
}
