/** Operators each of which breaks the contract in one way; they show that the suite's checks can fail. */
import {
  askToRewrite,
  defineOperator,
  noted,
  type Operator,
  type OperatorDefinition,
  type ProposeContext,
  proposed,
  readTagged,
  rejected,
  type Schedule,
  writePrompt,
  writeTagged,
} from "../../src/core/index.ts";

type Context = ProposeContext<"mutator">;

const parts = { instructions: "Improve this." };
const rewrite = (context: Context) =>
  askToRewrite(context.models.mutator, context, { indexes: context.components, parts });

/** A local operator that keeps the contract, but for what is given. */
function local(broken: Partial<OperatorDefinition<"mutator">> = {}): Operator {
  return defineOperator({ name: "own", scope: "local", roles: ["mutator"], propose: rewrite, ...broken });
}

const normal = { isCompactable: false } as const;

/** A local operator with prompts of its own, in normal mode alone. */
const asking = (propose: OperatorDefinition<"mutator">["propose"]) => () => local({ ...normal, propose });

const first = ({ parents: [{ candidate }], component }: Context) => candidate.genome[component]!;

/** Makes a schedule from how it chooses the n-th time. */
const schedule = (next: (pick: number) => readonly number[]): Schedule => ({
  name: "own",
  start() {
    let pick = 0;
    return { next: () => next(pick++) as [number], tell: () => {} };
  },
});

let calls = 0;
const counting: Schedule = {
  name: "counting",
  start: (k) => ({ next: () => [calls++ % k], tell: () => {} }),
};

const plugin = "is a plugin as defineOperator makes them, the same each time";
const plainData = "has parameters that are plain data";
const announces = "announces components of the solution, at least one and each once";
const proposes = "proposes what a model answers that does as it is asked";
const alike = "gives the same proposal for the same generator and answers, and keeps no state";
const untouched = "changes nothing that it is given";
const single = "copes with a solution of one component, and with a single parent";
const hostile = "copes with names and texts that look like parts of its prompt";
const roles = "calls the models of its roles alone";
const failure = "lets the failure of a call through";
const abort = "ends when its call is aborted";
const empty = "rejects an empty answer";
const talk = "takes no talk for a solution";
const cut = "takes nothing from an answer that was cut but what is there as a whole";
const any = "makes a rejection or a proposal of any answer, and throws at none";
const beyond = "changes nothing beyond what it announced, whatever the model writes";
const compact = "proposes in compact mode, too, without instructions";
const task = "tells the model the task";
const note = "passes the note on";
const inspirations = "shows the inspirations";
const overrides = "lets the campaign put texts in the place of parts of its prompt";

/** What each operator does wrong, the operator, and the checks that must say so. */
export const brokenOperators: Readonly<
  Record<string, readonly [make: () => Operator, checks: readonly string[]]>
> = {
  "is no plugin: it lacks what defineOperator adds": [
    () => ({ ...local(), repairs: undefined }) as unknown as Operator,
    [plugin],
  ],
  "is another each time": [() => local({ name: `own-${calls++}` }), [plugin]],
  "has parameters that no store takes": [() => local({ parameters: { rate: Number.NaN } }), [plainData]],
  "announces a component that there is not": [
    () => local({ schedule: schedule((pick) => [pick % 2]) }),
    [announces, single],
  ],
  "announces a component twice": [() => local({ schedule: schedule(() => [0, 0]) }), [announces]],
  "has a schedule that all runs share": [() => local({ schedule: counting }), [alike]],
  "never proposes anything": [asking(async () => rejected("not today")), [proposes, roles]],
  "gives no reason": [
    asking(async (context) => {
      const { status } = await rewrite(context);
      return status === "rejected" ? rejected("") : rejected("no");
    }),
    [proposes, empty, talk, any],
  ],
  "draws from a generator of its own": [
    () =>
      local({
        async propose(context) {
          const answer = await rewrite(context);
          return Math.random() < 0.5 ? rejected("bad luck") : answer;
        },
      }),
    [alike],
  ],
  "writes to its parent": [
    asking(async (context) => {
      Object.assign(context.parents[0].candidate, { operator: "mine" });
      return rewrite(context);
    }),
    [untouched],
  ],
  "writes to its parent where it can": [
    asking(async (context) => {
      Reflect.set(context.parents[0].candidate, "operator", "mine");
      return rewrite(context);
    }),
    [untouched],
  ],
  "counts on a second component": [
    asking(async (context) => {
      if (context.parents[0].candidate.genome.length < 2) throw new Error("no second component");
      return rewrite(context);
    }),
    [single],
  ],
  "counts on different parents": [
    () =>
      defineOperator({
        ...{ name: "own", scope: "recombination", roles: [], parentCount: 2 },
        async propose({ parents: [{ candidate }, second] }) {
          const other = second!.candidate.genome;
          const index = candidate.genome.findIndex(({ text }, at) => text !== other[at]!.text);
          return proposed(new Map([[index, other[index]!.text]]));
        },
      }),
    [single],
  ],
  "trips over a name": [
    asking(async (context) => {
      JSON.parse(`"${first(context).name}"`);
      return rewrite(context);
    }),
    [hostile],
  ],
  "calls a model that it does not name": [
    asking(async (context) => {
      const models = context.models as ProposeContext["models"];
      await models.judge.generate({ messages: [{ role: "user", text: "Is it good?" }] }).catch(() => {});
      return rewrite(context);
    }),
    [roles],
  ],
  "names a role that it does not call": [
    () => local({ propose: async ({ component }) => proposed(new Map([[component, "mine\n"]])) }),
    [roles],
  ],
  "hides the failure of a call": [
    () =>
      local({
        propose: (context) =>
          rewrite(context).catch((error: Error) => {
            if (error.name !== "ModelError") throw error;
            return rejected("the call failed");
          }),
      }),
    [failure],
  ],
  "goes on after its call was aborted": [
    () =>
      local({
        propose: (context) =>
          rewrite(context).catch((error: Error) => {
            if (error.name === "ModelError") throw error;
            return rejected("the call failed");
          }),
      }),
    [abort],
  ],
  "waits forever where its call is aborted": [
    () =>
      local({
        propose: (context) =>
          rewrite(context).catch((error: Error) => {
            if (error.name === "ModelError") throw error;
            return new Promise(() => {});
          }),
      }),
    [abort],
  ],
  "takes an empty answer for a text": [
    asking(async (context) => {
      const answer = await rewrite(context);
      const isEmpty = answer.status === "rejected" && answer.reason === "the answer is empty";
      return isEmpty ? proposed(new Map([[context.component, ""]])) : answer;
    }),
    [empty],
  ],
  "takes all for a text": [
    asking(async (context) => {
      const texts = { ...parts, statement: context.statement, note: context.note };
      const { text } = await context.models.mutator.generate(writePrompt(context, texts));
      return text.trim() === "" ? rejected("nothing") : proposed(new Map([[context.component, text]]));
    }),
    [talk, cut],
  ],
  "takes what is cut for a text": [
    asking(async (context) => {
      const { genome } = context.parents[0].candidate;
      const parent = writeTagged(genome, context.components);
      const texts = { ...parts, statement: context.statement, note: context.note, parent };
      const answer = await context.models.mutator.generate(writePrompt(context, texts));
      const whole = readTagged(answer.text, genome, context.components);
      const found = /^<component name="line-\d">\n([^<]+)$/.exec(answer.text)?.[1];
      const isCut = answer.stopReason === "length" && found !== undefined;
      return isCut ? proposed(new Map([[context.component, found]])) : whole;
    }),
    [cut],
  ],
  "counts on an answer in JSON": [
    () =>
      local({
        async propose(context) {
          const answer = await rewrite(context);
          if (answer.status === "rejected" && answer.reason.includes("JSON"))
            throw new Error("no JSON, please");
          return answer;
        },
      }),
    [any],
  ],
  "changes whatever the model writes": [
    asking(async (context) => {
      const { genome } = context.parents[0].candidate;
      const parent = writeTagged(genome, context.components);
      const texts = { ...parts, statement: context.statement, note: context.note, parent };
      const { text } = await context.models.mutator.generate(writePrompt(context, texts));
      const all = readTagged(text, genome, [...genome.keys()]);
      return all.status === "proposed" ? all : readTagged(text, genome, context.components);
    }),
    [beyond],
  ],
  "instructs in compact mode": [
    () => local({ propose: (context) => rewrite({ ...context, promptMode: "normal" }) }),
    [compact],
  ],
  "has no compact mode": [
    () =>
      local({
        propose: async (context) =>
          context.promptMode === "compact" ? rejected("in normal mode only") : rewrite(context),
      }),
    [compact],
  ],
  "keeps the task to itself": [
    () => local({ propose: (context) => rewrite({ ...context, statement: "" }) }),
    [task],
  ],
  "keeps the note to itself": [
    () => local({ propose: (context) => rewrite({ ...context, note: undefined }) }),
    [note],
  ],
  "asks for inspirations in vain": [
    () => local({ inspirationCount: 2, propose: (context) => rewrite({ ...context, inspirations: [] }) }),
    [inspirations],
  ],
  "lets nobody change its prompt": [
    () => local({ propose: (context) => rewrite({ ...context, prompt: {} }) }),
    [overrides],
  ],
  "writes a note without end": [
    () =>
      defineOperator({
        ...{ name: "own", scope: "global", roles: ["mutator"], every: 2, isCompactable: false },
        async propose(context) {
          const { statement } = context;
          const texts = { ...parts, statement, note: context.note };
          const { text } = await context.models.mutator.generate(writePrompt(context, texts));
          return text.trim() === "" ? rejected("nothing") : noted(text);
        },
      }),
    [any],
  ],
};
