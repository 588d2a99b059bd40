/** A local HTTP server that gives the answers it was told to, byte for byte, and notes what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Sends the body in pieces of so many bytes; default: in one. */
  readonly pieceBytes?: number;
  /** What follows the body: its end, a reset of the connection, its loss, or nothing. Default: its end. */
  readonly after?: "end" | "reset" | "lose" | "hang";
}

/** What a server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Says what a request gets; "close" closes the connection without an answer. */
export type Answerer = (asked: Asked) => Reply | "close" | Promise<Reply | "close">;

/** A running server. */
export interface TestServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Resolves when the body of an answer that hangs was sent and the client has had the time to read it. */
  hanging(): Promise<void>;
  /** Resolves when a client has closed the connection of an answer that hangs. */
  closed(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server on a free port of this machine. */
export async function serve(answer: Answerer): Promise<TestServer> {
  const asked: Asked[] = [];
  const hanging = event();
  const closed = event();
  const send = async (reply: Reply, response: ServerResponse) => {
    const { status, headers, body, pieceBytes, after = "end" } = reply;
    const bytes = Buffer.from(body);
    response.sendDate = false;
    response.writeHead(status, headers);
    response.flushHeaders();
    const size = pieceBytes ?? Math.max(bytes.length, 1);
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      if (pieceBytes !== undefined) await turn();
    }
    if (after === "end") response.end();
    else {
      // The client runs in this process: it has read what was sent after a few turns of the event loop.
      for (let i = 0; i < 10; i++) await turn();
      if (after === "reset") response.socket?.resetAndDestroy();
      if (after === "lose") response.socket?.destroy();
      if (after === "hang") hanging.happens();
    }
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body };
    asked.push(one);
    const reply = await answer(one);
    if (reply === "close") {
      request.socket.destroy();
      return;
    }
    response.once("close", () => {
      if (reply.after === "hang") closed.happens();
    });
    await send(reply, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    hanging: () => hanging.happened,
    closed: () => closed.happened,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (let i = 0; i < 10; i++) await turn(); // clients in this process see it
    },
  };
}

/** Something that happens once. */
function event() {
  let happens: () => void = () => {};
  const happened = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { happened, happens: () => happens() };
}

/** A port of this machine at which nothing listens, as a URL. */
export async function closedPort(): Promise<string> {
  const server = await serve(() => "close");
  await server.stop();
  return server.url;
}
