#!/usr/bin/env node
/** The command line: reads arguments, starts one command, turns errors into one sentence and an exit code. */
import { inspect } from "node:util";
import { Command, CommanderError, Option } from "commander";
import { AlleleError, UsageError } from "../core/errors.ts";
import { version } from "../version.ts";
import { exitCode } from "./exit-code.ts";
import { readCostModel, readNumber, readSizes, readTarget, readVariable } from "./options.ts";
import { readModelOption } from "./read-model-option.ts";
import { harmless } from "./text.ts";

const program = new Command("allele")
  .description("LLM-driven evolutionary optimization, its cost counted in LLM primitives")
  .version(version)
  .showHelpAfterError("(allele --help lists the commands)")
  .configureOutput({ writeErr: (text) => process.stderr.write(harmless(text)) })
  .exitOverride();

let code: number = exitCode.done;

withCampaignOptions(program.command("run"))
  .description("run a campaign, or a list of them, and print how the cost of each strategy grows")
  .argument(
    "<campaign>",
    "a TypeScript or JavaScript file with 'export default defineCampaign({ ... })', or a list of such: then options hold for each of them",
  )
  .option(
    "--store <file>",
    "SQLite file for the results (default: out/<campaign>.sqlite beside the campaign)",
  )
  .option("--seeds <n>", "runs at each size", readNumber("--seeds", "whole", 1))
  .option("--sizes <list>", "sizes of all strategies, e.g. 1,2,4", readSizes)
  .option("--max-calls <n>", "most model calls of the whole campaign", readNumber("--max-calls", "whole", 0))
  .option(
    "--model <model>",
    "another model for every role, or ROLE=MODEL for one, e.g. ollama:qwen2.5-coder:7b (docs/models.md); several are drawn from at random",
    readModelOption,
  )
  .addOption(
    new Option(
      "--prompt <mode>",
      "normal explains the task, as a real model needs; compact sends components alone",
    ).choices(["normal", "compact"]),
  )
  .option("--json", "print the comparison as JSON")
  .action(async (path, options) => {
    code = await (await import("./run.ts")).run(path, options);
  });

program
  .command("compare")
  .description("print how the cost of each strategy grows, from a store")
  .argument("<store>", "SQLite file of a campaign")
  .option("--cost <model>", "primitives, linear, calls or usd", readCostModel, "primitives")
  .option(
    "--target <fitness>",
    "another target: a fitness, or a share of each run's own such as 90%",
    readTarget,
  )
  .option("--campaign <id>", "default: the latest", readNumber("--campaign", "whole", 1))
  .option(
    "--describe",
    "add success rates, expected run time, quantiles, shares solved by cost and log-rank tests",
  )
  .addOption(
    new Option(
      "--ranking",
      "rank the strategies and recommend one, for the newest campaign of each name",
    ).conflicts("describe"),
  )
  .addOption(
    new Option(
      "--parallel",
      "add each strategy's critical path, and its speed-up with several workers",
    ).conflicts("ranking"),
  )
  .option("--markdown", "with --ranking: as tables for a document on GitHub")
  .option("--json", "print JSON")
  .action(async (path, options) => {
    code = (await import("./compare.ts")).compare(path, options);
  });

program
  .command("table1")
  .description("print what campaigns claim of their strategies beside what was measured, from a store")
  .argument("<store>", "SQLite file of campaigns; of each name the newest counts that is done")
  .option("--campaign <id>", "this one alone", readNumber("--campaign", "whole", 1))
  .option("--cost <model>", "primitives, linear, calls or usd", readCostModel, "primitives")
  .option("--describe", "show the ratios at every size")
  .option("--markdown", "print tables for a document on GitHub")
  .option("--json", "print JSON")
  .action(async (path, options) => {
    code = (await import("./table1.ts")).table1(path, options);
  });

program
  .command("show")
  .description("look at the runs of a store, at one run, or at what a call sent")
  .argument("<store>", "SQLite file of a campaign")
  .argument("[run]", "number of a run", readNumber("run", "whole", 1))
  .option("--campaign <id>", "default: the latest", readNumber("--campaign", "whole", 1))
  .option(
    "--prompt <call>",
    "print what this call sent, word for word, and what came of it",
    readNumber("--prompt", "whole", 1),
  )
  .option("--json", "print JSON")
  .action(async (path, runId, options) => {
    code = (await import("./show.ts")).show(path, runId, options);
  });

program
  .command("sql")
  .description("ask a store with SQL (read-only); docs/sql.md documents the tables and views")
  .argument("<store>", "SQLite file of a campaign")
  .argument("<query>", 'one query, e.g. "SELECT * FROM cost_to_target"')
  .addOption(
    new Option("--format <format>", "how to print rows").choices(["table", "csv", "json"]).default("table"),
  )
  .option("--json", "the same as --format json")
  .action(async (path, query, options) => {
    const format = options.json ? "json" : options.format;
    code = await (await import("./sql.ts")).sql(path, query, { format });
  });

program
  .command("best")
  .description("print the best solution of a store, or write its files")
  .argument("<store>", "SQLite file of a campaign")
  .argument("[run]", "number of a run; default: the best of the campaign", readNumber("run", "whole", 1))
  .option("--campaign <id>", "default: the latest", readNumber("--campaign", "whole", 1))
  .option("--out <folder>", "write the files there")
  .option("--json", "print JSON")
  .action(async (path, runId, options) => {
    code = (await import("./best.ts")).best(path, runId, options);
  });

withCampaignOptions(program.command("evolve"))
  .description("evolve the program in a folder: an OpenEvolve or ShinkaEvolve example, or our own format")
  .argument("<folder>", "folder with a program and its evaluator; docs/evolve.md has the formats")
  .option(
    "--model <model>",
    "the model that rewrites, e.g. ollama:qwen2.5-coder:7b (docs/models.md; default: simulated-programmer); several are drawn from at random",
    readModelOption,
  )
  .option(
    "--strategy <name>",
    "local, global, both, or auto: local where there are several components",
    "auto",
  )
  .option(
    "--granularity <g>",
    "markers, functions, statements, lines or lines:N (default: markers where there are any)",
  )
  .option("--max-evaluations <n>", "most evaluations of a run", readNumber("--max-evaluations", "whole", 1))
  .option(
    "--max-calls <n>",
    "most model calls of a run (default: 10 for each evaluation)",
    readNumber("--max-calls", "whole", 0),
  )
  .option("--target <fitness>", "stop a run at this fitness", readNumber("--target", "any", 0))
  .option("--seeds <n>", "number of runs", readNumber("--seeds", "whole", 1), 1)
  .option("--parallel <n>", "offspring of a run evaluated at once", readNumber("--parallel", "whole", 1))
  .option("--config <file>", "another configuration file of the folder")
  .option("--python <program>", "the Python that runs evaluators (default: python3)")
  .option("--env <name=value>", "a variable for the evaluator; may be repeated", readVariable)
  .option(
    "--store <file>",
    "SQLite file for the results (default: runs/out/<folder>.sqlite, or .allele/ in the folder itself)",
  )
  .option("--out <folder>", "folder for the best program (default: beside the store, under its name)")
  .option("--json", "print JSON")
  .action(async (folder, options) => {
    code = await (await import("./evolve.ts")).evolve(folder, options);
  });

program
  .command("doctor")
  .description("check what this machine can do, and say how to get what is missing")
  .option(
    "--model <model>",
    "also reach or load this model; may be repeated",
    (text: string, earlier: readonly string[] = []) => [...earlier, text],
  )
  .option("--json", "print JSON")
  .action(async (options) => {
    code = await (await import("./doctor.ts")).doctor(options);
  });

program
  .command("list")
  .description("list the built-in plugins")
  .option("--json", "print JSON")
  .action(async (options) => {
    code = (await import("./list.ts")).list(options);
  });

for (const command of program.commands) command.exitOverride().showHelpAfterError(false);

// A reader that closes early (| head) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(code);
  throw error;
});
// One that reads no progress any more must not end a campaign.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  code = report(error);
}
process.exitCode = code;

/** The options of every command that carries a campaign out. */
function withCampaignOptions(command: Command): Command {
  return command
    .option(
      "--max-primitives <n>",
      "most primitives (output tokens) of all runs",
      readNumber("--max-primitives", "whole", 0),
    )
    .option("--max-cost <c>", "most primitive cost of all runs", readNumber("--max-cost", "real", 0))
    .option("--max-usd <d>", "most US dollars of all runs", readNumber("--max-usd", "real", 0))
    .option("--max-seconds <s>", "most time for all runs", readNumber("--max-seconds", "real", 0))
    .option("--concurrency <n>", "runs at once", readNumber("--concurrency", "whole", 1))
    .option("--replay <store>", "take the answers from a store of the same campaign, call no model")
    .option(
      "--replay-campaign <id>",
      "which campaign of it (default: the latest)",
      readNumber("--replay-campaign", "whole", 1),
    )
    .option("--unsafe-sandbox", "go on where bubblewrap does not work, behind process limits alone")
    .option("--dry-run", "print the plan, run nothing");
}

/** Prints an error and returns its exit code. Only errors that are nobody's mistake but ours show a stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof AlleleError) {
    console.error(harmless(`allele: ${error.message}`));
    return error instanceof UsageError ? exitCode.usage : exitCode.error;
  }
  if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_")) {
    console.error(harmless(`allele: the store cannot be read: ${error.message}`));
    return exitCode.error;
  }
  console.error(harmless(inspect(error)));
  return exitCode.error;
}
