/** The statements that write a store. */

const insert = (table: string, columns: string) =>
  `INSERT INTO ${table} (${columns}) VALUES (${columns.replace(/[^,]+/g, "?")})`;

/** The statements, by what they do. */
export const statements = {
  campaign: insert("campaign", "name, problem, prompt_mode, config, allele_version, created_at"),
  theory: insert("theory", "campaign_id, strategy, size, applications, primitive_cost"),
  run: insert("run", "campaign_id, strategy, size, seed, target, wall, started_at"),
  component: insert("component", "run_id, component_index, name, kind, language, file, spec, signature"),
  layoutPart: insert("layout_part", "run_id, part_index, file, component_index, fixed_allele_id"),
  candidate: insert(
    "candidate",
    "run_id, sequence, generation, operator, parent_id, second_parent_id, status, reject_reason",
  ),
  change: insert("candidate_change", "candidate_id, component_index, allele_id"),
  allele: `${insert("allele", "hash, text")} ON CONFLICT (hash) DO NOTHING`,
  prompt: `${insert("prompt", "hash, text")} ON CONFLICT (hash) DO NOTHING`,
  evaluation: insert(
    "evaluation",
    "candidate_id, stage, status, fitness, fail_reason, metrics, feedback, component_feedback, improvable, " +
      "repeats, standard_error, is_cached, wall_ms",
  ),
  model: insert(
    "model",
    "name, provider, size, usd_per_million_input_tokens, usd_per_million_output_tokens, price_as_of",
  ),
  call: insert(
    "llm_call",
    "run_id, candidate_id, role, model_id, input_tokens, output_tokens, is_estimated, usd, latency_ms, " +
      "attempt, outcome, error, request, response, prompt_id, chain_cost",
  ),
  finishCampaign: "UPDATE campaign SET status = ? WHERE id = ?",
  finishCandidate: "UPDATE candidate SET status = ?, reject_reason = ? WHERE id = ?",
  writeNote: "UPDATE candidate SET note = ? WHERE id = ?",
  finishRun: `UPDATE run SET status = ?, is_solved = ?, stop_reason = ?, stop_detail = ?, best_fitness = ?,
    wall_ms = ?, target_candidate_id = (SELECT id FROM candidate WHERE run_id = run.id AND sequence = ?)
    WHERE id = ?`,
  findAllele: "SELECT id FROM allele WHERE hash = ?",
  findPrompt: "SELECT id FROM prompt WHERE hash = ?",
  findModel: `SELECT id FROM model WHERE name = ? AND provider = ? AND size = ?
    AND usd_per_million_input_tokens IS ? AND usd_per_million_output_tokens IS ? AND price_as_of IS ?`,
} as const;
