/** Makes the given store, and takes a moment before it commits. */
import { setTimeout as sleep } from "node:timers/promises";
import { applicationId, migrations } from "../../../src/store/schema.ts";
import { Database } from "../../../src/store/sqlite.ts";

const [path = ""] = process.argv.slice(2);
const connection = new Database(path);
connection.pragma("journal_mode = WAL");
connection.exec("BEGIN IMMEDIATE");
for (const migration of migrations) connection.exec(migration);
connection.pragma(`application_id = ${applicationId}`);
connection.pragma(`user_version = ${migrations.length}`);
console.log("making");
await sleep(300);
connection.exec("COMMIT");
connection.close();
