/** Loads a campaign script, TypeScript or JavaScript, whose `import ... from "allele"` means this very package. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { createJiti } from "jiti";
import * as analysis from "../analysis/index.ts";
import type { Campaign } from "../campaign.ts";
import { AlleleError, UsageError } from "../core/index.ts";
import * as allele from "../index.ts";

/** Returns the campaign that a script exports as its default. */
export async function loadCampaign(path: string): Promise<Campaign> {
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
  if (!isCampaign(loaded)) {
    throw new UsageError(
      `Campaign '${path}' must contain 'export default defineCampaign({ ... })', and does not`,
    );
  }
  return loaded;
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
