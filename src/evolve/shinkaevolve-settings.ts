/** The settings of a ShinkaEvolve configuration: which are used, and what takes the place of the others. */
import type { KnownSettings, UnusedGroup } from "./unused-settings.ts";

const used = [
  "max_evaluation_jobs",
  "evo.num_generations",
  "evo.task_sys_msg",
  "evo.use_text_feedback",
  "job.extra_cmd_args",
  "job.time",
  "job.python_executable",
  "job.eval_verbose",
  "job.numeric_threads_per_job",
];

function below(section: string, names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${section}.${name}`);
}

const models = `llm_models llm_dynamic_selection llm_dynamic_selection_kwargs llm_kwargs meta_llm_models
  meta_llm_kwargs novelty_llm_models novelty_llm_kwargs prompt_llm_models prompt_llm_kwargs embedding_model`;
const operators = `patch_types patch_type_probs max_patch_resamples max_patch_attempts max_novelty_attempts
  code_embed_sim_threshold inspiration_sort_order meta_rec_interval meta_max_recommendations
  sample_single_meta_rec evolve_prompts prompt_patch_types prompt_patch_type_probs prompt_evolution_interval
  prompt_archive_size prompt_ucb_exploration_constant prompt_epsilon prompt_evo_top_k_programs
  prompt_percentile_recompute_interval`;
const schedule = `enable_controlled_oversubscription proposal_target_mode proposal_target_min_samples
  proposal_target_ratio_cap proposal_buffer_max proposal_target_hard_cap proposal_target_ewma_alpha`;
const population = `num_islands archive_size elite_selection_ratio num_archive_inspirations
  num_top_k_inspirations migration_interval migration_rate island_elitism enforce_island_separation
  island_selection_strategy enable_dynamic_islands stagnation_threshold island_spawn_strategy
  island_spawn_subtree_size parent_selection_strategy exploitation_alpha exploitation_ratio
  parent_selection_lambda num_beams archive_selection_strategy archive_criteria`;
const logging = `enable_wandb_logging wandb_project wandb_entity wandb_group wandb_name wandb_mode wandb_tags
  wandb_notes wandb_dir wandb_run_id wandb_resume wandb_config results_dir`;
const cluster = `conda_env activate_script partition cpus gpus mem image image_tar_path docker_flags modules`;

const groups: readonly UnusedGroup[] = [
  { instead: "give the model with --model", paths: below("evo", models) },
  { instead: "the strategy's operators decide", paths: below("evo", operators) },
  { instead: "the strategy decides on parents and survivors", paths: below("db", population) },
  { instead: "give a budget as an option", paths: ["evo.max_api_costs"] },
  {
    instead: "the engine schedules the work",
    paths: ["max_proposal_jobs", "max_db_workers", ...below("evo", schedule)],
  },
  {
    instead: "the store keeps every candidate and call",
    paths: ["verbose", "debug", "db.db_path", "db.max_stdout_log_chars", ...below("evo", logging)],
  },
  {
    instead: "evaluations run on this machine with one Python, see --python",
    paths: ["evo.job_type", ...below("job", cluster)],
  },
  { instead: "the file in the directory is used", paths: ["job.eval_program_path"] },
  { instead: "the program's file name tells", paths: ["evo.language", "evo.init_program_path"] },
  {
    instead: "what makes ShinkaEvolve's own objects is not needed",
    paths: ["evo._target_", "db._target_", "job._target_"],
  },
];

/** What is known of these settings; `files` are those that name a file of the directory, and so are used. */
export function shinkaSettings(files: readonly string[]): KnownSettings {
  return { peer: "ShinkaEvolve", used: [...used, ...files], groups };
}
