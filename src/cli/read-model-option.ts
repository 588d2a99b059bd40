/** Reads --model: no model is made here, so that the command line starts fast. */
import { type Role, roles, UsageError } from "../core/index.ts";

/** Models that take the place of a campaign's, by role. */
export type ModelTexts = Readonly<Partial<Record<Role, readonly string[]>>>;

/**
 * Reads one model and adds it to those before: TEXT for every role, or ROLE=TEXT. Several of one role are an
 * ensemble.
 */
export function readModelOption(text: string, earlier: ModelTexts): ModelTexts {
  const [, role = "", name = text] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
  const isRole = (roles as readonly string[]).includes(role);
  if (role !== "" && !isRole) {
    throw new UsageError(`--model expects ROLE=MODEL with one of ${roles.join(", ")}, got role '${role}'`);
  }
  const models: Partial<Record<Role, readonly string[]>> = { ...earlier };
  for (const one of isRole ? [role as Role] : roles) models[one] = [...(models[one] ?? []), name];
  return models;
}
