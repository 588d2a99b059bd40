/** The one warning about settings of a peer's file that have no effect here. */
import { leafPaths, type Settings } from "./settings-file.ts";

/** Settings that the peer knows and that are not used here, and what takes their place. */
export interface UnusedGroup {
  /** What to do or what happens instead, for the user. */
  readonly instead: string;
  /** Dotted paths; one that ends in `.*` stands for all below. */
  readonly paths: readonly string[];
}

/** What is to be known about a peer's settings to name those that are not used. */
export interface KnownSettings {
  readonly peer: string;
  /** Dotted paths of the settings that are used. */
  readonly used: readonly string[];
  readonly groups: readonly UnusedGroup[];
}

function covers(path: string, leaf: string): boolean {
  return path.endsWith(".*")
    ? leaf.startsWith(path.slice(0, -1))
    : leaf === path || leaf.startsWith(`${path}.`);
}

/** Names every setting of the file that is not used, by dotted path; undefined when all are used. */
export function unusedSettings(settings: Settings, known: KnownSettings): string | undefined {
  const unused = leafPaths(settings.values).filter((leaf) => !known.used.some((path) => covers(path, leaf)));
  const groupOf = (leaf: string) =>
    known.groups.find(({ paths }) => paths.some((path) => covers(path, leaf)))?.instead ??
    `unknown to ${known.peer} too`;
  const byGroup = new Map<string, string[]>();
  for (const leaf of unused) {
    const group = groupOf(leaf);
    byGroup.set(group, [...(byGroup.get(group) ?? []), leaf]);
  }
  if (byGroup.size === 0) return undefined;
  const parts = [...byGroup].map(([instead, leaves]) => `${leaves.join(", ")} (${instead})`);
  return `${settings.file}: these settings have no effect here: ${parts.join("; ")}.`;
}
