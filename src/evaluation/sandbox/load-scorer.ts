/** Loads scorers: modules of problem plugins, JavaScript or TypeScript, that a worker thread runs. */
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import * as allele from "../../core/index.ts";

const loaded = new Map<string, Promise<allele.Scorer>>();

/** Returns the scorer that a module exports as its default; throws a UsageError when there is none. */
export function loadScorer(url: string): Promise<allele.Scorer> {
  let scorer = loaded.get(url);
  if (scorer === undefined) {
    scorer = load(url);
    loaded.set(url, scorer);
  }
  return scorer;
}

async function load(url: string): Promise<allele.Scorer> {
  let scorer: unknown;
  try {
    scorer = /\.[cm]?ts$/.test(new URL(url).pathname)
      ? await loadAsTypeScript(url)
      : ((await import(url).catch((error: unknown) => {
          // Outside a project that has this package installed, its name means nothing to Node.
          if (String(error).includes("'allele'")) return loadAsTypeScript(url);
          throw error;
        })) as unknown);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new allele.UsageError(`Scorer '${url}' cannot be loaded: ${message}`);
  }
  if (typeof scorer === "object" && scorer !== null && "default" in scorer) scorer = scorer.default;
  if (typeof scorer === "function") return scorer as allele.Scorer;
  throw new allele.UsageError(
    `Scorer '${url}' must export a function as its default: export default async ({ candidate, data }) => ...`,
  );
}

function loadAsTypeScript(url: string): Promise<unknown> {
  const jiti = createJiti(import.meta.url, { virtualModules: { allele }, fsCache: false });
  return jiti.import(fileURLToPath(url));
}
