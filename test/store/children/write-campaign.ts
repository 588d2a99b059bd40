/**
 * Tries to write to the given store and prints what came of it. With "open" it opens the store before it
 * prints "ready" and writes after its input ended; otherwise it does both at once.
 */
import { once } from "node:events";
import { Store } from "../../../src/store/index.ts";

const [path = "", when] = process.argv.slice(2);
try {
  const store = new Store(path);
  if (when === "open") {
    console.log("ready");
    process.stdin.resume();
    await once(process.stdin, "end");
  }
  try {
    const times = { alleleVersion: "0", createdAt: "" };
    store.addCampaign({ name: "mine", problem: "none", promptMode: "normal", config: {}, ...times });
  } finally {
    store.close();
  }
  console.log("written");
} catch (error) {
  console.log(String(error));
}
