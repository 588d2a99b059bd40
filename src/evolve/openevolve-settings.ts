/** The settings of an OpenEvolve configuration: which are used, and what takes the place of the others. */
import type { KnownSettings, UnusedGroup } from "./unused-settings.ts";

const used = [
  "max_iterations",
  "max_code_length",
  "target_score",
  "prompt.system_message",
  "prompt.include_artifacts",
  "prompt.max_artifact_bytes",
  "database.feature_dimensions",
  "evaluator.timeout",
  "evaluator.cascade_evaluation",
  "evaluator.cascade_thresholds",
  "evaluator.parallel_evaluations",
  "evaluator.enable_artifacts",
  "evaluator.memory_limit_mb",
];

function below(section: string, names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${section}.${name}`);
}

const models = `api_base api_key name provider weight system_message temperature top_p max_tokens timeout retries
  retry_delay random_seed reasoning_effort max_budget_usd manual_mode models evaluator_models primary_model
  primary_model_weight secondary_model secondary_model_weight`;
const prompt = `template_dir evaluator_system_message programs_as_changes_description
  system_message_changes_description initial_changes_description num_top_programs num_diverse_programs
  use_template_stochasticity template_variations use_meta_prompting meta_prompt_weight artifact_security_filter
  suggest_simplification_after_chars include_changes_under_chars concise_implementation_max_lines
  comprehensive_implementation_min_lines diff_summary_max_line_len diff_summary_max_lines code_length_threshold`;
const population = `population_size archive_size num_islands elite_selection_ratio exploration_ratio
  exploitation_ratio diversity_metric feature_bins diversity_reference_size migration_interval migration_rate
  random_seed novelty_llm embedding_model similarity_threshold`;
const records = `db_path in_memory log_prompts artifacts_base_path artifact_size_threshold cleanup_old_artifacts
  artifact_retention_days max_snapshot_artifacts`;

const groups: readonly UnusedGroup[] = [
  { instead: "give the model with --model", paths: below("llm", models) },
  { instead: "runs have the seeds 1, 2, ..., see --seeds", paths: ["random_seed"] },
  { instead: "the operator writes the prompt", paths: below("prompt", prompt) },
  {
    instead: "the operator decides how a model answers",
    paths: ["diff_based_evolution", "diff_pattern"],
  },
  { instead: "the strategy decides on parents and survivors", paths: below("database", population) },
  {
    instead: "the store keeps every candidate and call",
    paths: [
      ...["checkpoint_interval", "log_level", "log_dir", "evaluator.max_artifact_storage"],
      ...below("database", records),
      ...below(
        "evolution_trace",
        "enabled format include_code include_prompts output_path buffer_size compress",
      ),
    ],
  },
  {
    instead: "a run ends at its target or budget",
    paths: ["early_stopping_patience", "convergence_threshold", "early_stopping_metric"],
  },
  { instead: "a failed evaluation is not tried again", paths: ["evaluator.max_retries"] },
  {
    instead: "no model takes part in scoring",
    paths: ["evaluator.use_llm_feedback", "evaluator.llm_feedback_weight"],
  },
  {
    instead: "evaluations run on this machine",
    paths: ["evaluator.cpu_limit", "evaluator.distributed", "max_tasks_per_child"],
  },
  { instead: "the program's file name tells", paths: ["language", "file_suffix"] },
];

/** What is known of these settings, the file's suffix among the used ones where it changes nothing. */
export function openEvolveSettings(isFileSuffixUsed: boolean): KnownSettings {
  return { peer: "OpenEvolve", used: isFileSuffixUsed ? [...used, "file_suffix"] : used, groups };
}
