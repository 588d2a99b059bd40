/** Recorded answers of servers: files that begin with their origin, and then are an HTTP answer as it came. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Reply } from "./http-server.ts";

/** Reads one by its name, e.g. "ollama-chat". */
export function recorded(name: string): Reply {
  const file = fileURLToPath(new URL(`recorded/${name}.txt`, import.meta.url));
  const [, head = "", body = ""] =
    /^(?:#.*\n)+\n(HTTP\/1\.1 [\s\S]*?)\n\n([\s\S]*)$/.exec(readFileSync(file, "utf8")) ?? [];
  const [start = "", ...lines] = head.split("\n");
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return { status: Number(start.split(" ")[1]), headers: Object.fromEntries(headers), body };
}

/** The first events (lines, or blocks of lines) of a recorded answer. */
export function firstEvents(reply: Reply, count: number): string {
  const end = reply.headers["content-type"]?.includes("event-stream") ? "\n\n" : "\n";
  return `${reply.body.split(end).slice(0, count).join(end)}${end}`;
}
