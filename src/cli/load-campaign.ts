/** Loads a campaign script, TypeScript or JavaScript, whose `import ... from "allele"` means this very package. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { createJiti } from "jiti";
import * as analysis from "../analysis/index.ts";
import type { Campaign } from "../campaign.ts";
import { AlleleError, UsageError } from "../core/index.ts";
import * as allele from "../index.ts";

/** Returns the campaign that a script exports as its default, or its list of campaigns, whose names differ. */
export async function loadCampaign(path: string): Promise<Campaign | readonly Campaign[]> {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new UsageError(`Campaign '${path}' does not exist; expected a TypeScript or JavaScript file`);
  }
  const jiti = createJiti(import.meta.url, {
    virtualModules: { allele, "allele/analysis": analysis },
    fsCache: false,
  });
  let loaded: unknown;
  try {
    loaded = await jiti.import(resolve(path), { default: true });
  } catch (error) {
    if (error instanceof AlleleError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Campaign '${path}' cannot be loaded: ${message}`, { cause: error });
  }
  if (isCampaign(loaded)) return loaded;
  if (!Array.isArray(loaded)) {
    throw new UsageError(
      `Campaign '${path}' must contain 'export default defineCampaign({ ... })', or a list of such, and does not`,
    );
  }
  return checkList(path, loaded);
}

function checkList(path: string, list: readonly unknown[]): readonly Campaign[] {
  if (list.length === 0) throw new UsageError(`Campaign '${path}' exports an empty list; expected campaigns`);
  const names = new Set<string>();
  return list.map((one, index) => {
    if (!isCampaign(one)) {
      throw new UsageError(
        `Campaign '${path}': entry ${index + 1} of its list is no campaign; write [defineCampaign({ ... }), ...]`,
      );
    }
    if (names.has(one.name)) {
      throw new UsageError(`Campaign '${path}' lists two campaigns named '${one.name}'; names must differ`);
    }
    names.add(one.name);
    return one;
  });
}

function isCampaign(value: unknown): value is Campaign {
  return (
    typeof value === "object" &&
    value !== null &&
    "problem" in value &&
    "strategies" in value &&
    Array.isArray(value.strategies)
  );
}
