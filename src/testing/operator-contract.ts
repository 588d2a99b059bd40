/** What every operator must do, as checks that know no test framework. */
import { isDeepStrictEqual } from "node:util";
import {
  type Component,
  ModelError,
  type ModelRequest,
  type Operator,
  type PromptMode,
  rngFrom,
  UsageError,
} from "../core/index.ts";
import { answerAsAsked, reword } from "./answer-as-asked.ts";
import { ContractBreach, type ContractCheck, contractCheck, expect } from "./contract-check.ts";
import { checkForm, checkParameters, checkProperties, describeOperator } from "./operator-form.ts";
import { drawAnswer, hostileComponents, strangeAnswers } from "./strange-answers.ts";
import { inspiredWord, parentsFor, statement, type TrialOptions, tryOut } from "./trial.ts";

/** What the operator needs to be tried. */
export interface OperatorContractOptions {
  /** The components of the solutions; default: four short lines. Each text needs a word. */
  readonly components?: readonly Component[];
  /**
   * Answers as a good model would. Default: components between the tags of the prompt, SEARCH/REPLACE blocks
   * where the prompt asks for them, else one sentence; in compact mode line by line.
   */
  answer?(request: ModelRequest): string;
  /**
   * Whether its prompts in normal mode are made of named parts, as `writePrompt` and `askToRewrite` make them;
   * default true. The checks of statement, note, inspirations and overrides are left out where they are not.
   */
  readonly hasNamedParts?: boolean;
}

/** How often the event loop may go round until an operator has ended whose call was aborted. */
const mostTurns = 1000;

const lines: readonly Component[] = ["one", "two", "three", "four"].map((word, index) => ({
  name: `line-${index + 1}`,
  text: `the ${word} line\n`,
  spec: "a line of 3 words",
  signature: `line ${word}`,
}));

/**
 * The checks that every operator must pass; those that do not concern it are left out. `make` makes the
 * operator, each time anew. Models are stand-ins that answer at once; a check takes some milliseconds.
 */
export function operatorContract(
  make: () => Operator,
  options: OperatorContractOptions = {},
): readonly ContractCheck[] {
  if (typeof make !== "function") {
    throw new UsageError(
      `operatorContract needs a function that makes the operator; write operatorContract(() => myOperator)`,
    );
  }
  const { components = lines, answer = answerAsAsked, hasNamedParts = true } = options;
  const { scope, isCompactable, inspirationCount, roles: named } = make();
  const asks = Array.isArray(named) && named.length > 0;
  const modes: readonly PromptMode[] = isCompactable ? ["normal", "compact"] : ["normal"];
  const attempt = (
    more: Partial<TrialOptions> = {},
    operator = make(),
    how?: { readonly key?: string; readonly times?: number },
  ) => tryOut(operator, { components, respond: answer, ...more }, how);
  /** Whatever comes, it is a proposal of the right form. */
  const tolerates = async (what: string, more: Partial<TrialOptions>, times = 4) => {
    const trials = await attempt(more, make(), { key: what, times });
    for (const trial of trials) checkForm(trial, make(), what);
    return trials.filter(({ requests }) => requests.length > 0); // the others never heard it
  };

  const checks: (ContractCheck | false)[] = [
    contractCheck("is a plugin as defineOperator makes them, the same each time", () => {
      const [one, other] = [make(), make()].map(describeOperator);
      expect("the same properties each time", JSON.stringify(other), isDeepStrictEqual(one, other));
      checkProperties(make());
    }),

    contractCheck("has parameters that are plain data", () => {
      const operator = make();
      for (const parameters of [operator.parameters, operator.schedule?.parameters ?? {}])
        checkParameters(parameters);
    }),

    scope === "local" &&
      contractCheck("announces components of the solution, at least one and each once", () => {
        for (const count of [1, 2, 9]) {
          const operator = make();
          const few = Array.from({ length: count }, (_, index) => ({ name: `${index}`, text: "word\n" }));
          const [parent] = parentsFor(operator, { components: few });
          const schedule = operator.schedule?.start(count);
          const inFlight: (readonly number[])[] = [];
          for (let pick = 0; pick < 200; pick++) {
            const next = schedule?.next(parent, rngFrom("announce", pick)) ?? [];
            const isOnce = next.length > 0 && new Set(next).size === next.length;
            const isRight = isOnce && next.every((index) => few[index] !== undefined);
            expect(`some of ${count} components, each once`, JSON.stringify(next), isRight);
            inFlight.push(next);
            const first = inFlight.length > pick % 5 ? inFlight.shift() : undefined;
            if (first === undefined) continue;
            schedule?.tell({ components: first, isImproved: pick % 3 === 0, primitiveCost: pick % 7 });
          }
        }
      }),

    contractCheck("proposes what a model answers that does as it is asked", async () => {
      const trials = await attempt();
      for (const trial of trials) checkForm(trial, make(), "an answer as asked for");
      const made = trials.filter(({ proposal }) => proposal?.status !== "rejected");
      expect(
        "a proposal from a good answer",
        `${JSON.stringify(trials[0]?.proposal)} each time`,
        made.length > 0,
      );
    }),

    contractCheck(
      "gives the same proposal for the same generator and answers, and keeps no state",
      async () => {
        const operator = make();
        const runs = [await attempt({}, operator), await attempt({}, operator), await attempt()];
        const [first, ...others] = runs.map((trials) =>
          trials.map(({ requests, proposal, announced, error }) => ({
            ...{ requests, proposal, announced, error: String(error) },
          })),
        );
        for (const other of others)
          expect("the same requests and proposals again", "others", isDeepStrictEqual(other, first));
      },
    ),

    contractCheck("changes nothing that it is given", async () => {
      const trials = [...(await attempt()), ...(await attempt({ isFrozen: true }))];
      for (const { error, given } of trials) {
        if (error !== undefined) throw new ContractBreach("values to be left as they are", String(error));
        const [now, before] = given;
        expect("parents, inspirations and attempts as they were", "others", isDeepStrictEqual(now, before));
      }
    }),

    contractCheck("copes with a solution of one component, and with a single parent", async () => {
      for (const promptMode of modes) {
        await tolerates("one component", { promptMode, components: components.slice(0, 1) });
        await tolerates("a second parent that is the first", { promptMode, isAlone: true });
      }
    }),

    contractCheck("copes with names and texts that look like parts of its prompt", async () => {
      for (const promptMode of modes)
        await tolerates("hostile texts", { promptMode, components: hostileComponents });
    }),

    contractCheck("calls the models of its roles alone", async () => {
      const trials = await attempt();
      const stranger = trials.flatMap(({ strangers }) => strangers)[0];
      expect(`calls of ${named.join(", ") || "no model"}`, `a call of ${stranger}`, stranger === undefined);
      const calls = trials.flatMap(({ requests }) => requests).length;
      expect(`calls of ${named.join(", ")}`, "none", !asks || calls > 0);
    }),
  ];

  const ofCalls: readonly (ContractCheck | false)[] = [
    contractCheck("lets the failure of a call through", async () => {
      const failure = new ModelError("the model is down");
      const respond = () => Promise.reject(failure);
      for (const promptMode of modes) {
        for (const { requests, proposal, error } of await attempt({ promptMode, respond })) {
          if (requests.length === 0) continue; // it gave up before it asked
          expect("the error of the call", String(error ?? JSON.stringify(proposal)), error === failure);
        }
      }
    }),

    contractCheck("ends when its call is aborted", async () => {
      const controller = new AbortController();
      const reason = new Error("aborted");
      const respond = async () => {
        controller.abort(reason);
        throw reason;
      };
      const trials = attempt({ respond, signal: controller.signal }, make(), { times: 4 });
      for (const { requests, proposal, error } of await within(mostTurns, trials)) {
        if (requests.length === 0) continue;
        expect("the signal's reason", String(error ?? JSON.stringify(proposal)), error === reason);
      }
    }),

    contractCheck("rejects an empty answer", async () => {
      for (const promptMode of modes)
        for (const text of ["", " \n"])
          for (const { proposal } of await tolerates("an empty answer", { promptMode, respond: () => text }))
            expect("a rejection of an empty answer", `${proposal?.status}`, proposal?.status === "rejected");
    }),

    contractCheck("takes no talk for a solution", async () => {
      const talk = ["I like all of this as it is.", "I'm sorry, but I cannot help with that."];
      for (const text of talk)
        for (const { proposal } of await tolerates("talk", { respond: () => text }))
          expect(`a rejection of "${text}"`, `${proposal?.status}`, proposal?.status !== "proposed");
    }),

    contractCheck("takes nothing from an answer that was cut but what is there as a whole", async () => {
      for (const promptMode of modes) {
        const whole = await attempt({ promptMode });
        const respond = (request: ModelRequest) => {
          const text = answer(request);
          return { text: text.slice(0, Math.ceil(text.length / 2)), stopReason: "length" } as const;
        };
        const cut = await attempt({ promptMode, respond });
        for (const [index, { proposal }] of cut.entries()) {
          const meant = whole[index]?.proposal;
          if (proposal?.status !== "proposed" || meant?.status !== "proposed") continue;
          for (const [component, text] of proposal.changes) {
            const isWhole = meant.changes.get(component) === text;
            expect(`all of component ${component}, or a rejection`, JSON.stringify(text), isWhole);
          }
        }
      }
    }),

    contractCheck("makes a rejection or a proposal of any answer, and throws at none", async () => {
      for (const promptMode of modes) {
        for (const [what, text] of Object.entries(strangeAnswers))
          await tolerates(what, { promptMode, respond: () => text }, 2);
        const rng = rngFrom("garbage");
        for (let time = 0; time < 60; time++) {
          const text = drawAnswer(rng);
          const stopReason = (["stop", "length", "other"] as const)[time % 3] ?? "stop";
          await tolerates(JSON.stringify(text), { promptMode, respond: () => ({ text, stopReason }) }, 1);
        }
      }
    }),

    contractCheck("changes nothing beyond what it announced, whatever the model writes", async () => {
      const all = components
        .map(({ name, text }) => `<component name=${JSON.stringify(name)}>\n${reword(text)}</component>`)
        .join("\n");
      for (const promptMode of modes) {
        await tolerates("all components", { promptMode, respond: () => all });
        await tolerates("more than asked for", {
          promptMode,
          respond: (request) => `${answer(request)}\n${all}`,
        });
      }
    }),

    isCompactable &&
      contractCheck("proposes in compact mode, too, without instructions", async () => {
        const trials = await attempt({ promptMode: "compact" });
        for (const trial of trials) {
          checkForm(trial, make(), "an answer in compact mode");
          for (const { system, messages } of trial.requests) {
            expect("no system text in compact mode", JSON.stringify(system), system === undefined);
            const hasStatement = messages.some(({ text }) => text.includes(statement));
            expect("the components' texts alone in compact mode", "the task's statement", !hasStatement);
          }
        }
        const made = trials.filter(({ proposal }) => proposal?.status !== "rejected");
        expect("a proposal in compact mode", JSON.stringify(trials[0]?.proposal), made.length > 0);
      }),
  ];

  const said = async (more: Partial<TrialOptions> = {}) =>
    (await attempt(more)).flatMap(({ requests }) =>
      requests.map(({ system = "", messages }) => ({
        system,
        text: messages.map(({ text }) => text).join("\n"),
      })),
    );
  const ofParts: readonly (ContractCheck | false)[] = [
    contractCheck("tells the model the task", async () => {
      for (const { text } of await said())
        expect(`"${statement}" in the prompt`, quote(text), text.includes(statement));
    }),

    contractCheck("passes the note on", async () => {
      const note = "Contract: shorter lines did better.";
      for (const { text } of await said({ note }))
        expect(`"${note}" in the prompt`, quote(text), text.includes(note));
    }),

    inspirationCount > 0 &&
      contractCheck("shows the inspirations", async () => {
        for (const { text } of await said())
          expect("the inspirations in the prompt", quote(text), text.includes(inspiredWord));
      }),

    contractCheck("lets the campaign put texts in the place of parts of its prompt", async () => {
      const prompt = {
        instructions: "Contract: do as you like.",
        statement: () => "Contract: another task.",
      };
      for (const { system, text } of await said({ prompt })) {
        const isReplaced = system.includes(prompt.instructions);
        expect(`"${prompt.instructions}" for instructions`, quote(system), isReplaced);
        const isOther = text.includes(prompt.statement()) && !text.includes(statement);
        expect(`"${prompt.statement()}" in the place of the statement`, quote(text), isOther);
      }
    }),
  ];

  return [...checks, ...(asks ? ofCalls : []), ...(asks && hasNamedParts ? ofParts : [])].filter(
    (check) => check !== false,
  );
}

/** Waits while the event loop goes round so often. */
async function within<T>(turns: number, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const late = async () => {
    for (let turn = 0; turn < turns && !isOver; turn++) await new Promise(setImmediate);
    throw new ContractBreach("an end", "none");
  };
  try {
    return await Promise.race([promise, late()]);
  } finally {
    isOver = true;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}…` : text);
}
