/** Writes a campaign into the given store, holds the write lock until its input ends, then commits. */
import { once } from "node:events";
import { Database } from "../../../src/store/sqlite.ts";

const [path = ""] = process.argv.slice(2);
const connection = new Database(path);
connection.exec("BEGIN IMMEDIATE");
connection.exec(
  `INSERT INTO campaign (name, problem, prompt_mode, config, allele_version, created_at)
   VALUES ('other', 'none', 'normal', '{}', '0', '')`,
);
console.log("locked");
process.stdin.resume();
await once(process.stdin, "end");
connection.exec("COMMIT");
connection.close();
console.log("committed");
