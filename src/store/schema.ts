/**
 * The schema of the store, as numbered migrations. Migration i brings a store from version i to i + 1; a
 * released one is never changed. docs/sql.md documents every table and view.
 */

/** "Alle" in ASCII: marks a SQLite file as a store. */
export const applicationId = 0x416c6c65;

const tables = `
CREATE TABLE campaign (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  problem TEXT NOT NULL,
  prompt_mode TEXT NOT NULL CHECK (prompt_mode IN ('normal', 'compact')),
  config TEXT NOT NULL CHECK (json_valid(config)),
  status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'budget', 'interrupted', 'error')),
  allele_version TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  campaign_id INTEGER NOT NULL REFERENCES campaign (id),
  strategy TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 1),
  seed INTEGER NOT NULL,
  target REAL NOT NULL,
  status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'interrupted', 'error')),
  is_solved INTEGER NOT NULL DEFAULT 0 CHECK (is_solved IN (0, 1)),
  stop_reason TEXT CHECK (stop_reason IN ('target', 'budget', 'interrupted', 'error')),
  stop_detail TEXT,
  target_candidate_id INTEGER REFERENCES candidate (id),
  best_fitness REAL,
  started_at TEXT NOT NULL,
  wall_ms REAL,
  UNIQUE (campaign_id, strategy, size, seed)
) STRICT;

CREATE TABLE theory (
  campaign_id INTEGER NOT NULL REFERENCES campaign (id),
  strategy TEXT NOT NULL,
  size INTEGER NOT NULL,
  applications REAL NOT NULL,
  primitive_cost REAL,
  PRIMARY KEY (campaign_id, strategy, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE component (
  run_id INTEGER NOT NULL REFERENCES run (id),
  component_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT,
  language TEXT,
  file TEXT,
  spec TEXT,
  PRIMARY KEY (run_id, component_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE allele (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE candidate (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id),
  sequence INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  operator TEXT NOT NULL,
  parent_id INTEGER REFERENCES candidate (id),
  second_parent_id INTEGER REFERENCES candidate (id),
  status TEXT NOT NULL CHECK (status IN ('proposed', 'initial', 'accepted', 'discarded', 'rejected')),
  reject_reason TEXT,
  UNIQUE (run_id, sequence)
) STRICT;

CREATE TABLE candidate_change (
  candidate_id INTEGER NOT NULL REFERENCES candidate (id),
  component_index INTEGER NOT NULL,
  allele_id INTEGER NOT NULL REFERENCES allele (id),
  PRIMARY KEY (candidate_id, component_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation (
  candidate_id INTEGER NOT NULL REFERENCES candidate (id),
  stage INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),
  fitness REAL,
  fail_reason TEXT CHECK (fail_reason IN ('syntax', 'timeout', 'memory', 'crash', 'invalid', 'forbidden')),
  metrics TEXT CHECK (json_valid(metrics)),
  feedback TEXT,
  improvable TEXT CHECK (json_valid(improvable)),
  wall_ms REAL NOT NULL,
  PRIMARY KEY (candidate_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  provider TEXT NOT NULL,
  size REAL NOT NULL,
  usd_per_million_input_tokens REAL,
  usd_per_million_output_tokens REAL
) STRICT;

CREATE TABLE llm_call (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id),
  candidate_id INTEGER REFERENCES candidate (id),
  role TEXT NOT NULL,
  model_id INTEGER NOT NULL REFERENCES model (id),
  input_tokens INTEGER,
  output_tokens INTEGER,
  is_estimated INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
  usd REAL,
  latency_ms REAL NOT NULL,
  attempt INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'length', 'other', 'error', 'aborted')),
  error TEXT,
  request TEXT CHECK (json_valid(request)),
  response TEXT
) STRICT;

CREATE INDEX llm_call_by_candidate ON llm_call (run_id, candidate_id);
`;

/** Def. 2.2 and the linear price, from the columns of llm_call k and model m. */
const primitiveCost =
  "m.size * (k.output_tokens * k.input_tokens + k.output_tokens * (k.output_tokens - 1) / 2.0)";
const linearCost = "m.size * (k.input_tokens + k.output_tokens)";
/** Money of a group of calls k; NULL when one of them was counted but has no price. */
const knownUsd = "CASE WHEN count(k.usd) = count(k.output_tokens) THEN coalesce(sum(k.usd), 0) END";

const views = `
CREATE VIEW call_cost AS
SELECT k.id AS call_id, k.run_id, k.candidate_id, k.role, k.model_id, m.name AS model, m.size AS model_size,
  k.input_tokens, k.output_tokens, k.output_tokens AS primitives,
  ${primitiveCost} AS primitive_cost, ${linearCost} AS linear_cost, k.usd, k.latency_ms, k.outcome
FROM llm_call k JOIN model m ON m.id = k.model_id;

CREATE VIEW run_role_cost AS
SELECT r.id AS run_id, r.campaign_id, k.role, count(*) AS calls,
  coalesce(sum(k.input_tokens), 0) AS input_tokens, coalesce(sum(k.output_tokens), 0) AS output_tokens,
  avg(m.size) AS model_size,
  coalesce(sum(${primitiveCost}), 0) AS primitive_cost, coalesce(sum(${linearCost}), 0) AS linear_cost,
  ${knownUsd} AS usd, max(k.is_estimated) AS is_estimated
FROM run r
JOIN llm_call k ON k.run_id = r.id
  AND (r.target_candidate_id IS NULL OR k.candidate_id IS NULL OR k.candidate_id <= r.target_candidate_id)
JOIN model m ON m.id = k.model_id
GROUP BY r.id, k.role;

CREATE VIEW run_cost AS
SELECT r.id AS run_id, r.campaign_id, r.strategy, r.size, r.seed, r.status, r.is_solved,
  (SELECT count(*) FROM candidate c WHERE c.run_id = r.id AND c.sequence > 0 AND c.status <> 'proposed'
    AND (r.target_candidate_id IS NULL OR c.id <= r.target_candidate_id)) AS applications,
  count(k.id) AS calls, coalesce(sum(k.output_tokens), 0) AS primitives,
  coalesce(sum(${primitiveCost}), 0) AS primitive_cost, coalesce(sum(${linearCost}), 0) AS linear_cost,
  ${knownUsd} AS usd,
  -- Calls of one generation do not wait for each other; calls of one candidate do.
  (SELECT coalesce(sum(cost), 0) FROM (
    SELECT max(cost) AS cost FROM (
      SELECT c.generation, sum(${primitiveCost}) AS cost
      FROM llm_call k JOIN candidate c ON c.id = k.candidate_id JOIN model m ON m.id = k.model_id
      WHERE k.run_id = r.id AND (r.target_candidate_id IS NULL OR k.candidate_id <= r.target_candidate_id)
      GROUP BY k.candidate_id
    ) GROUP BY generation
  )) AS critical_path_cost
FROM run r
LEFT JOIN llm_call k ON k.run_id = r.id
  AND (r.target_candidate_id IS NULL OR k.candidate_id IS NULL OR k.candidate_id <= r.target_candidate_id)
LEFT JOIN model m ON m.id = k.model_id
GROUP BY r.id;

-- One row for each candidate that is better than all before it in its run. Filter by run_id.
CREATE VIEW best_so_far AS
SELECT run_id, candidate_id, sequence, fitness, calls, primitive_cost, linear_cost
FROM (
  SELECT run_id, candidate_id, sequence, fitness,
    max(fitness) OVER (so_far ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best_before,
    sum(calls) OVER so_far AS calls, sum(primitive_cost) OVER so_far AS primitive_cost,
    sum(linear_cost) OVER so_far AS linear_cost
  FROM (
    SELECT c.run_id, c.id AS candidate_id, c.sequence,
      (SELECT e.fitness FROM evaluation e WHERE e.candidate_id = c.id ORDER BY e.stage DESC LIMIT 1) AS fitness,
      count(k.id) AS calls, coalesce(sum(${primitiveCost}), 0) AS primitive_cost,
      coalesce(sum(${linearCost}), 0) AS linear_cost
    FROM candidate c
    LEFT JOIN llm_call k ON k.run_id = c.run_id AND k.candidate_id = c.id
    LEFT JOIN model m ON m.id = k.model_id
    GROUP BY c.run_id, c.sequence
  )
  WINDOW so_far AS (PARTITION BY run_id ORDER BY sequence)
)
WHERE fitness > best_before OR (fitness IS NOT NULL AND best_before IS NULL);

CREATE VIEW cost_to_target AS
SELECT campaign_id, strategy, size, count(*) AS runs, sum(is_solved) AS solved,
  avg(applications) AS mean_applications, avg(calls) AS mean_calls,
  avg(primitive_cost) AS mean_primitive_cost, avg(linear_cost) AS mean_linear_cost,
  sum(primitive_cost) / nullif(sum(is_solved), 0) AS expected_primitive_cost,
  sum(linear_cost) / nullif(sum(is_solved), 0) AS expected_linear_cost,
  CASE WHEN count(usd) = count(*) THEN sum(usd) / nullif(sum(is_solved), 0) END AS expected_usd
FROM run_cost WHERE status = 'done'
GROUP BY campaign_id, strategy, size;

CREATE VIEW operator_summary AS
SELECT r.campaign_id, r.strategy, c.operator, count(*) AS candidates,
  sum(c.status = 'accepted') AS accepted, sum(c.status = 'discarded') AS discarded, sum(c.status = 'rejected') AS rejected,
  sum((SELECT count(*) FROM llm_call k WHERE k.run_id = c.run_id AND k.candidate_id = c.id)) AS calls,
  coalesce(sum((SELECT sum(k.primitive_cost) FROM call_cost k
    WHERE k.run_id = c.run_id AND k.candidate_id = c.id)), 0) AS primitive_cost
FROM candidate c JOIN run r ON r.id = c.run_id
WHERE c.sequence > 0
GROUP BY r.campaign_id, r.strategy, c.operator;

CREATE VIEW model_summary AS
SELECT r.campaign_id, k.role, m.name AS model, m.provider, m.size, count(*) AS calls,
  sum(k.outcome IN ('error', 'aborted')) AS failed_calls,
  coalesce(sum(k.input_tokens), 0) AS input_tokens, coalesce(sum(k.output_tokens), 0) AS output_tokens,
  coalesce(sum(${primitiveCost}), 0) AS primitive_cost, coalesce(sum(${linearCost}), 0) AS linear_cost,
  ${knownUsd} AS usd, avg(k.latency_ms) AS mean_latency_ms
FROM llm_call k JOIN model m ON m.id = k.model_id JOIN run r ON r.id = k.run_id
GROUP BY r.campaign_id, k.role, m.id;

-- One row for each ancestor along first parents, the candidate itself at depth 0. Filter by candidate_id.
CREATE VIEW lineage AS
SELECT c.id AS candidate_id, a.id AS ancestor_id, CAST(j.key AS INTEGER) AS depth, a.sequence, a.operator, a.status,
  (SELECT e.fitness FROM evaluation e WHERE e.candidate_id = a.id ORDER BY e.stage DESC LIMIT 1) AS fitness
FROM candidate c
JOIN json_each((
  WITH RECURSIVE line (id) AS (
    SELECT c.id UNION ALL
    SELECT p.parent_id FROM line JOIN candidate p ON p.id = line.id WHERE p.parent_id IS NOT NULL
  ) SELECT json_group_array(id) FROM line
)) j
JOIN candidate a ON a.id = j.value;

-- The text of every component of a candidate: the latest change along its lineage. Filter by candidate_id.
CREATE VIEW candidate_text AS
SELECT c.id AS candidate_id, o.component_index, o.name, o.file, a.text
FROM candidate c
JOIN json_each((
  WITH RECURSIVE line (id, depth) AS (
    SELECT c.id, 0 UNION ALL
    SELECT p.parent_id, depth + 1 FROM line JOIN candidate p ON p.id = line.id WHERE p.parent_id IS NOT NULL
  )
  SELECT json_group_object(CAST(component_index AS TEXT), allele_id) FROM (
    -- SQLite takes allele_id from the row that has the minimum.
    SELECT h.component_index, h.allele_id, min(depth) FROM line JOIN candidate_change h ON h.candidate_id = line.id
    GROUP BY h.component_index
  )
)) j
JOIN component o ON o.run_id = c.run_id AND o.component_index = CAST(j.key AS INTEGER)
JOIN allele a ON a.id = j.value
WHERE c.status IN ('initial', 'accepted', 'discarded');
`;

/** Solutions that are files; evaluations in stages, repeated, cached, and sandboxed. */
const files = `
ALTER TABLE run ADD COLUMN wall TEXT CHECK (wall IN ('bubblewrap', 'none'));
ALTER TABLE component ADD COLUMN signature TEXT;
ALTER TABLE evaluation ADD COLUMN repeats INTEGER NOT NULL DEFAULT 1;
ALTER TABLE evaluation ADD COLUMN standard_error REAL;
ALTER TABLE evaluation ADD COLUMN is_cached INTEGER NOT NULL DEFAULT 0 CHECK (is_cached IN (0, 1));
ALTER TABLE evaluation ADD COLUMN component_feedback TEXT CHECK (json_valid(component_feedback));

CREATE TABLE layout_part (
  run_id INTEGER NOT NULL REFERENCES run (id),
  part_index INTEGER NOT NULL,
  file TEXT NOT NULL,
  component_index INTEGER,
  fixed_allele_id INTEGER REFERENCES allele (id),
  PRIMARY KEY (run_id, part_index),
  CHECK ((component_index IS NULL) <> (fixed_allele_id IS NULL))
) STRICT, WITHOUT ROWID;

-- The files of a candidate: fixed text and components in their places. Filter by candidate_id.
CREATE VIEW candidate_file AS
SELECT candidate_id, file, text
FROM (
  SELECT c.id AS candidate_id, p.file, row_number() OVER in_file AS number,
    -- Over a window, SQLite's group_concat makes a NUL of nothing but empty texts.
    CASE max(coalesce(a.text, t.text)) OVER in_file
      WHEN '' THEN '' ELSE group_concat(coalesce(a.text, t.text), '') OVER in_file END AS text
  FROM candidate c
  JOIN layout_part p ON p.run_id = c.run_id
  LEFT JOIN allele a ON a.id = p.fixed_allele_id
  LEFT JOIN candidate_text t ON t.candidate_id = c.id AND t.component_index = p.component_index
  WHERE c.status IN ('initial', 'accepted', 'discarded')
  WINDOW in_file AS (PARTITION BY c.id, p.file ORDER BY p.part_index
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
WHERE number = 1;
`;

/** The day on which a price held. */
const prices = `
ALTER TABLE model ADD COLUMN price_as_of TEXT;
`;

/** What models were sent, each distinct prompt once; notes of operators for later prompts, which are no losses. */
const prompts = `
CREATE TABLE prompt (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL CHECK (json_valid(text))
) STRICT;

ALTER TABLE llm_call ADD COLUMN prompt_id INTEGER REFERENCES prompt (id);
ALTER TABLE candidate ADD COLUMN note TEXT;

DROP VIEW operator_summary;
CREATE VIEW operator_summary AS
SELECT r.campaign_id, r.strategy, c.operator, count(*) AS candidates,
  sum(c.status = 'accepted') AS accepted, sum(c.status = 'discarded') AS discarded,
  sum(c.status = 'rejected' AND c.note IS NULL) AS rejected, sum(c.note IS NOT NULL) AS notes,
  sum((SELECT count(*) FROM llm_call k WHERE k.run_id = c.run_id AND k.candidate_id = c.id)) AS calls,
  coalesce(sum((SELECT sum(k.primitive_cost) FROM call_cost k
    WHERE k.run_id = c.run_id AND k.candidate_id = c.id)), 0) AS primitive_cost
FROM candidate c JOIN run r ON r.id = c.run_id
WHERE c.sequence > 0
GROUP BY r.campaign_id, r.strategy, c.operator;
`;

/** Calls of one candidate that did not wait for each other. */
const chains = `
ALTER TABLE llm_call ADD COLUMN chain_cost REAL;

DROP VIEW call_cost;
CREATE VIEW call_cost AS
SELECT k.id AS call_id, k.run_id, k.candidate_id, k.role, k.model_id, m.name AS model, m.size AS model_size,
  k.input_tokens, k.output_tokens, k.output_tokens AS primitives,
  ${primitiveCost} AS primitive_cost, ${linearCost} AS linear_cost, k.usd, k.chain_cost, k.latency_ms, k.outcome
FROM llm_call k JOIN model m ON m.id = k.model_id;

DROP VIEW run_cost;
CREATE VIEW run_cost AS
SELECT r.id AS run_id, r.campaign_id, r.strategy, r.size, r.seed, r.status, r.is_solved,
  (SELECT count(*) FROM candidate c WHERE c.run_id = r.id AND c.sequence > 0 AND c.status <> 'proposed'
    AND (r.target_candidate_id IS NULL OR c.id <= r.target_candidate_id)) AS applications,
  count(k.id) AS calls, coalesce(sum(k.output_tokens), 0) AS primitives,
  coalesce(sum(${primitiveCost}), 0) AS primitive_cost, coalesce(sum(${linearCost}), 0) AS linear_cost,
  ${knownUsd} AS usd,
  -- Candidates of one generation do not wait for each other, and within a candidate the longest chain counts.
  (SELECT coalesce(sum(cost), 0) FROM (
    SELECT max(cost) AS cost FROM (
      SELECT c.generation, coalesce(max(k.chain_cost), sum(${primitiveCost})) AS cost
      FROM llm_call k JOIN candidate c ON c.id = k.candidate_id JOIN model m ON m.id = k.model_id
      WHERE k.run_id = r.id AND (r.target_candidate_id IS NULL OR k.candidate_id <= r.target_candidate_id)
      GROUP BY k.candidate_id
    ) GROUP BY generation
  )) AS critical_path_cost
FROM run r
LEFT JOIN llm_call k ON k.run_id = r.id
  AND (r.target_candidate_id IS NULL OR k.candidate_id IS NULL OR k.candidate_id <= r.target_candidate_id)
LEFT JOIN model m ON m.id = k.model_id
GROUP BY r.id;
`;

/** The migrations, in order. */
export const migrations: readonly string[] = [tables + views, files, prices, prompts, chains];
