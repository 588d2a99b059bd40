/** The address of an Ollama server, read as Ollama itself reads OLLAMA_HOST. */
import { UsageError } from "../core/index.ts";

/**
 * Reads a host such as "gpu-box", ":11434", "0.0.0.0:11434", "[::1]" or "https://example.org/ollama" into a
 * URL without a slash at its end. Without a port it is 11434, or that of the scheme where one is named. An
 * address to listen on means this machine.
 */
export function readOllamaHost(text: string | undefined): string {
  const host = (text ?? "").trim().replace(/^["']+|["']+$/g, "");
  if (host === "" || host === "ollama.com")
    return host === "" ? "http://127.0.0.1:11434" : "https://ollama.com:443";
  const [, named, rest = ""] = /^(?:(\w+):\/\/)?(.*)$/s.exec(host) ?? [];
  const scheme = named ?? "http";
  const port = named === undefined ? 11434 : scheme === "https" ? 443 : 80;
  // A bare IPv6 address has no brackets; an empty host is this machine.
  const bare = /^[0-9a-f]*(:[0-9a-f]*){2,}$/i.test(rest)
    ? `[${rest}]`
    : rest.replace(/^(?=:|\/|$)/, "127.0.0.1");
  let url: URL;
  try {
    if (!/^https?$/.test(scheme)) throw new Error("scheme");
    url = new URL(`${scheme}://${bare}`);
  } catch {
    throw new UsageError(
      `OLLAMA_HOST must be a host such as gpu-box:11434 or https://gpu-box, got '${host}'`,
    );
  }
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  const at = url.username === "" ? "" : `${url.username}${url.password === "" ? "" : `:${url.password}`}@`;
  const given = /:(\d+)(?:\/|$)/.exec(bare.replace(/^.*@/, "").replace(/^\[.*\]/, ""))?.[1];
  return `${scheme}://${at}${url.hostname}:${given ?? port}${url.pathname.replace(/\/+$/, "")}`;
}

/** A host as it may be shown: without a password. */
export function shownHost(host: string): string {
  return host.replace(/\/\/[^@/]*@/, "//");
}
