/** Reads --model: no model is made here, so that the command line starts fast. */
import { type Role, roles, UsageError } from "../core/index.ts";

/** Models that take the place of a campaign's, by role; `all` are for the roles that are not named. */
export type ModelTexts = Readonly<Partial<Record<Role | "all", readonly string[]>>>;

/** Reads one model and adds it to those before: TEXT for every role, or ROLE=TEXT. Several of one are an ensemble. */
export function readModelOption(text: string, earlier: ModelTexts = {}): ModelTexts {
  const [, word, name = text] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
  const role = word === undefined ? "all" : roles.find((one) => one === word);
  if (role === undefined) {
    throw new UsageError(`--model expects ROLE=MODEL with one of ${roles.join(", ")}, got role '${word}'`);
  }
  return { ...earlier, [role]: [...(earlier[role] ?? []), name] };
}
