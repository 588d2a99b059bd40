/**
 * Tests that need a program which a machine may lack. There they are skipped, with the program in their name;
 * with ALLELE_CI=1 they fail instead, so that none is left out unseen.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { it } from "vitest";
import { whyNoBubblewrap } from "../src/evaluation/bubblewrap.ts";

type Declare = (name: string, run: () => void | Promise<void>, timeoutMs?: number) => void;

/** Declares a test that runs where nothing is missing. */
function unless(missing: string | undefined): Declare {
  if (missing === undefined) return it;
  if (process.env.ALLELE_CI !== "1") return (name, run) => it.skip(`${name} (needs: ${missing})`, run);
  return (name) =>
    it(name, () => {
      throw new Error(`Needs: ${missing}`);
    });
}

function whyNoPython(): string | undefined {
  try {
    execFileSync("python3", ["-c", "import json"]);
    return undefined;
  } catch {
    return "install python3";
  }
}

function whyNoPackage(name: string): string | undefined {
  try {
    createRequire(import.meta.url).resolve(name);
    return undefined;
  } catch {
    return `npm i --no-save ${name}`;
  }
}

const noBubblewrap = await whyNoBubblewrap();

/** Declare a test that needs bubblewrap, Python 3, or both; or a package that is no dependency. */
export const needs = {
  bubblewrap: unless(noBubblewrap && `install bubblewrap: ${noBubblewrap}`),
  python: unless(whyNoPython()),
  caged: unless(noBubblewrap ? `install bubblewrap: ${noBubblewrap}` : whyNoPython()),
  llamaCpp: unless(whyNoPackage("node-llama-cpp")),
  xenova: unless(whyNoPackage("@xenova/transformers")),
};
