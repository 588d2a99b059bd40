/** The store: one SQLite file, the only truth. */
export * from "./open.ts";
export type { RequestSettings, StoredPrompt, StoredRequest } from "./prompt.ts";
export * from "./queries.ts";
export * from "./read-call.ts";
export * from "./recording.ts";
export * from "./schema.ts";
export * from "./sqlite.ts";
export * from "./store.ts";
