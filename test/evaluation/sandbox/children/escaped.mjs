/**
 * A child's program that has broken out of every inner wall: it runs the text that it is called with, with all
 * that Node offers. What is left is the outer wall.
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import { createInterface } from "node:readline";

const AsyncFunction = /** @type {FunctionConstructor} */ ((async () => {}).constructor);
/** @param {string} text */
const reply = (text) => fs.writeSync(3, text);
const tools = { childProcess, fs, net, os, reply, isEndAnswered: true, id: 0 };

fs.writeSync(3, "0 ready \n");
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, id, name, , args] = JSON.parse(line);
  tools.id = id;
  let body = "null";
  if (kind === "call") {
    try {
      const [text] = JSON.parse(args);
      body = JSON.stringify((await new AsyncFunction("tools", text)(tools)) ?? name);
    } catch (thrown) {
      const error = /** @type {NodeJS.ErrnoException} */ (thrown);
      body = JSON.stringify(error.code ?? error.message);
    }
  }
  if (kind !== "end" || tools.isEndAnswered)
    fs.writeSync(3, `${id} ${kind === "end" ? "ready" : "value"} ${body}\n`);
}
