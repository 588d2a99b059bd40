import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("says so when a command cannot be started for want of file descriptors", async () => {
  const child = fileURLToPath(new URL("children/without-descriptors.ts", import.meta.url));
  const line = `ulimit -n 1024 && exec "$0" --import jiti/register "$1"`;
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", line, process.execPath, child]);
  expect({ stdout, stderr }).toEqual({
    stdout: "AlleleError: Command '/bin/true' could not be started: spawn /bin/true EMFILE\n",
    stderr: "",
  });
});
