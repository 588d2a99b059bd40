/** What bubblewrap keeps from a command. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished } from "vitest";
import type { Evaluation } from "../../../src/core/index.ts";
import { needs } from "../../needs.ts";
import { temporaryFolder } from "../../store/folder.ts";
import { evaluate, feedbackOf, shell, type Trial } from "./evaluating.ts";

const test = needs.bubblewrap;
const wall = "bubblewrap";

/** The lines that a script prints behind the wall. */
async function linesOf(script: string, trial: Trial = {}): Promise<string[]> {
  const evaluation = await shell(`{ ${script}\n} 2>/dev/null`, { wall, ...trial });
  const [, output = ""] = feedbackOf(evaluation).split("Standard output:\n");
  return output === "" ? [] : output.split("\n");
}

/** The lines that name which of these commands succeeded. */
const succeeding = (commands: readonly string[]) =>
  commands.map((text) => `if ${text}; then echo '${text.replaceAll("'", "")}'; fi`).join("\n");

describe("bubblewrap", () => {
  test("keeps a command from the network, the loopback one as well", async () => {
    let connections = 0;
    const server = createServer((_request, response) => response.end("hello"));
    server.on("connection", () => connections++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const program = `fetch("http://127.0.0.1:${port}").then((r) => r.text()).catch((e) => e.cause.code).then((text) => console.log(JSON.stringify({ fitness: 1, feedback: text })))`;
    const connect = (wall: "bubblewrap" | "none"): Promise<Evaluation> =>
      evaluate([process.execPath, "-e", program], { wall });
    expect(await connect("bubblewrap")).toMatchObject({ status: "ok", feedback: "ECONNREFUSED" });
    expect(connections).toBe(0);
    expect(await connect("none")).toMatchObject({ status: "ok", feedback: "hello" });
    expect(connections).toBe(1);
  });

  test("hides what lies outside the system, but for what it may read", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "secret"), "secret");
    writeFileSync(join(folder, "data/numbers"), "1 2 3");
    const script = `cat ${folder}/secret ${folder}/data/numbers; ls -A ${homedir()} /home /var/log /run /mnt /srv`;
    expect(await linesOf(script)).toEqual([]);
    expect(await linesOf(script, { readable: [join(folder, "data")] })).toEqual(["1 2 3"]);
  });

  test("lets a command write its working copy and temporary files alone", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "evaluate.sh"), "");
    const places = [
      "/x",
      "/usr/x",
      "/etc/x",
      "/dev/x",
      "/proc/sys/x",
      `${folder}/x`,
      `${folder}/evaluate.sh`,
    ];
    const allowed = ["x", "/tmp/x", "/var/tmp/y", "/dev/shm/x"];
    const script = succeeding([...places, ...allowed].map((path) => `touch ${path}`));
    expect(await linesOf(script, { folder, readable: [folder] })).toEqual(
      allowed.map((path) => `touch ${path}`),
    );
    expect(readdirSync(folder)).toEqual(["evaluate.sh"]);
  });

  test("bounds temporary files by half the memory limit", async () => {
    const script = succeeding(["head -c 6000000 /dev/zero > /tmp/x", "head -c 12000000 /dev/zero > /tmp/y"]);
    expect(await linesOf(script, { memoryMb: 16 })).toEqual(["head -c 6000000 /dev/zero > /tmp/x"]);
  });

  test("hides the system's secrets and settings, also from root", async () => {
    const script = succeeding([
      "grep -q . /etc/shadow",
      // Opened for writing, but nothing is written: the test must not change the machine it runs on.
      ": >> /proc/sys/kernel/printk",
      ": >> /proc/sysrq-trigger",
      ": >> /proc/irq/default_smp_affinity",
      "mount -t tmpfs x /tmp",
      "chroot / true",
      "test $(id -u) -eq 0",
    ]);
    expect(await linesOf(script)).toEqual([]);
  });

  test("shows a command no other process", async () => {
    const numbers = await linesOf("ls /proc | grep '^[0-9]' | sort -n");
    expect(numbers.length).toBeLessThan(10);
    expect(await linesOf(`kill -0 ${process.pid} && echo alive`)).toEqual([]);
    const environment = await linesOf("tr '\\0' '\\n' < /proc/1/environ | sed 's/=.*//' | sort");
    expect(environment.filter((name) => !/^(ALLELE_|HOME|LANG|PATH|PYTHON|TMPDIR)/.test(name))).toEqual([]);
  });

  test("names a program that it hides", async () => {
    const folder = temporaryFolder();
    const program = join(folder, "run");
    writeFileSync(program, "#!/bin/sh\necho '{\"fitness\": 1}'\n", { mode: 0o755 });
    // A program named by its path is shown; one on a hidden PATH is shown with its folder.
    expect(await evaluate([program], { wall })).toMatchObject({ status: "ok" });
    expect(await evaluate(["run"], { wall, path: folder })).toMatchObject({ status: "ok" });
    mkdirSync(join(folder, ".ssh"));
    const hidden = join(folder, ".ssh/run");
    writeFileSync(hidden, readFileSync(program), { mode: 0o755 });
    await expect(evaluate([hidden], { wall })).rejects.toThrow(
      `Command '${hidden}' (${hidden}) is not visible in the sandbox; add it, and what it needs, to 'readable'`,
    );
    const broken = join(folder, "broken");
    writeFileSync(broken, "#!/no/such/interpreter\n", { mode: 0o755 });
    await expect(evaluate([broken], { wall })).rejects.toThrow(
      /could not be started in the sandbox: .*broken/,
    );
    await expect(shell("true", { wall, readable: ["/no/such/data"] })).rejects.toThrow("/no/such/data");
  });

  needs.caged("runs the Python of the user's PATH, wherever it is installed", async () => {
    const text = "import json, multiprocessing, os, sys\nlock = multiprocessing.Lock()\n";
    const report = "print(json.dumps({'fitness': len(os.listdir('.')), 'feedback': sys.prefix}))\n";
    const evaluation = await evaluate(["python3", "{file}"], {
      wall,
      path: process.env.PATH,
      files: [{ path: "a.py", text: text + report }],
    });
    expect(evaluation).toMatchObject({ status: "ok", fitness: 1 });
    expect(existsSync(feedbackOf(evaluation))).toBe(true);
  });
});
