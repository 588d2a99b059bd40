import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needs } from "../../needs.ts";
import { escapes, type HostFacts } from "./escapes.ts";
import { evaluate, openPool, scoredBy } from "./pools.ts";

const marker = `allele-escape-${process.pid}`;
const connections: string[] = [];
const servers = ["loopback", "abstract"].map((name) => createServer(() => connections.push(name)));
const host: HostFacts = {
  home: homedir(),
  project: process.cwd(),
  port: 0,
  abstractSocket: marker,
  pid: process.pid,
  marker,
};

/** Processes of this machine that have the marker among their arguments. */
function markedProcesses(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(marker);
    } catch {
      return false; // it has ended in the meantime
    }
  });
}

/** Waits until no process has the marker. */
async function untilNoneIsLeft(): Promise<void> {
  while (markedProcesses().length > 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("bubblewrap alone", () => {
  const program = fileURLToPath(new URL("./children/escaped.mjs", import.meta.url));
  const pool = openPool({ program });
  const pools = { loopbackPort: 0 };
  beforeAll(async () => {
    const [loopback, abstract] = servers;
    await new Promise<void>((resolve) => loopback?.listen(0, "127.0.0.1", resolve));
    await new Promise<void>((resolve) => abstract?.listen(`\0${marker}`, resolve));
    const address = loopback?.address();
    pools.loopbackPort = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  const ask = async (code: string, timeoutMs: number) => {
    const scoring = scoredBy("echo", { data: { input: code }, timeoutMs });
    const evaluation = await evaluate(pool, "export const run = () => 0;", scoring);
    if (evaluation.status === "failed") return `failed: ${evaluation.reason}`;
    return String(evaluation.feedback).replace(/^"([A-Z]+)"$/, "$1");
  };

  const timeoutOf = (gets: string) => (gets === "failed: timeout" ? 400 : 5000);

  it("has servers to connect to", async () => {
    for (const target of [{ port: pools.loopbackPort, host: "127.0.0.1" }, { path: `\0${marker}` }]) {
      const socket = connect(target);
      await once(socket, "connect");
      socket.destroy();
    }
    expect(connections.splice(0)).toEqual(["loopback", "abstract"]);
  });

  for (const { name, code, gets } of escapes) {
    needs.bubblewrap(`holds: ${name}`, async () => {
      const facts = { ...host, port: pools.loopbackPort };
      const others = ["return 5 + 5;", "return [1, 2];"].map((code) => ask(code, 10_000));
      expect(await ask(code(facts), timeoutOf(gets))).toBe(gets);
      expect(await Promise.all(others)).toEqual(["10", "[1,2]"]);
      expect(await Promise.all([ask("return 1;", 10_000), ask("return 2;", 10_000)])).toEqual(["1", "2"]);
      expect(connections).toEqual([]);
      await untilNoneIsLeft();
    });
  }
});

describe("docs/security.md", () => {
  it("lists every attempt with what happened to it", () => {
    const rows = escapes.map(({ name, tries, gets }) => {
      const got = /^failed|^[A-Z]+$/.test(gets) ? gets : `\`${gets}\``;
      return `| ${name} | ${tries} | ${got} |`;
    });
    const text = readFileSync("docs/security.md", "utf8");
    const table = /<!-- escapes -->\n\n[^\n]*\n[^\n]*\n([\s\S]*?)\n\n<!-- end -->/.exec(text)?.[1];
    expect(table?.split("\n")).toEqual(rows);
  });
});
