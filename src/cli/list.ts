/** `allele list`: the plugins that can be named. */
import type { ScheduleName } from "../core/index.ts";
import { plugins } from "../plugins.ts";
import { providers, simulatedModels } from "../read-model.ts";
import { exitCode } from "./exit-code.ts";
import { columns, heading } from "./text.ts";

/** Prints every built-in plugin with one line about it. */
export function list(options: { readonly json?: boolean }): number {
  const describe = (make: () => { readonly name: string; readonly description: string }) => {
    const { name, description } = make();
    return { name, description };
  };
  const groups = {
    problems: Object.values(plugins.problems).map(describe),
    operators: Object.values(plugins.operators).map(describe),
    populations: Object.values(plugins.populations).map(describe),
    schedules: Object.entries(scheduleText).map(([name, description]) => ({ name, description })),
    choices: [
      { name: "ensemble([a, b])", description: "several models for a role, drawn by weight" },
      { name: "bandit([a, b])", description: "learns which model improves most for its primitive cost" },
      { name: "escalation([a, b])", description: "the next model where the one before failed several times" },
      { name: "voting(a)", description: "asks one model again and again, until an answer leads by v votes" },
    ],
    models: [
      ...Object.keys(simulatedModels).map((name) => ({ name, description: modelText[name] ?? "" })),
      {
        name: "simulatedCapable()",
        description: "performs a list of tasks, in scripts alone; costs nothing",
      },
      ...Object.values(providers).map(({ form, description }) => ({ name: form, description })),
    ],
  };
  if (options.json) console.log(JSON.stringify(groups, null, 2));
  else {
    for (const [group, rows] of Object.entries(groups)) {
      console.log(heading(group));
      console.log(columns(rows.map(({ name, description }) => [`  ${name}`, description])));
    }
  }
  return exitCode.done;
}

const modelText: Readonly<Record<string, string>> = {
  simulated: "seeded random words in the shape of the text it is shown; costs nothing",
  "simulated-chooser": "picks another of the options that the prompt lists; costs nothing",
  "simulated-programmer": "random edits on the tokens of real code; costs nothing",
};

const scheduleText: Readonly<Record<ScheduleName, string>> = {
  sequential: "stays on a component until it improves, skips those that cannot",
  "round-robin": "visits the components in a circle",
  random: "draws a component for each candidate",
  credit: "learns which component promises the most improvement for its cost",
};
