/** Programs to call scorers with, without a sandbox: from functions, or from the files of a solution. */
import { createContext, runInContext } from "node:vm";
import { type CandidateProgram, composeFiles, type Instance } from "../../src/core/index.ts";

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Copies plain data as the sandbox does, numbers that are not finite included. */
const copy = (value: unknown): unknown => (value === undefined ? undefined : structuredClone(value));

/** A program that exports the given functions. */
export function programOf(functions: Functions): CandidateProgram {
  return {
    call: async (name, ...args) => copy(functions[name]!(...(copy(args) as never[]))),
    has: async (name) => Object.hasOwn(functions, name),
  };
}

/** A program that gives the same answer to every call. */
export function answering(answer: unknown): CandidateProgram {
  return { call: async () => answer, has: async () => true };
}

/** The program that the only file of a solution makes; its text is trusted. */
export function programFrom({
  layout,
  components,
}: Pick<Instance, "layout" | "components">): CandidateProgram {
  const [file] = composeFiles(layout!, components);
  const names = [...file!.text.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  const body = file!.text.replace(/^export /gm, "");
  return programOf(runInContext(`(() => { ${body}\nreturn { ${names.join(", ")} }; })()`, createContext({})));
}

/** The instance with new texts for some of its components, by name. */
export function withTexts(instance: Instance, texts: Readonly<Record<string, string>>): Instance {
  const components = instance.components.map((one) => ({ ...one, text: texts[one.name] ?? one.text }));
  return { ...instance, components };
}

/** An instance as plain data, to be compared: without the function that decides on new texts. */
export function plain({ accept: _accept, ...instance }: Instance) {
  return instance;
}
