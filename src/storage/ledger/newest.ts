import { ROLLUP_TRIGGERS } from './migrations.ts';

/** The newest layout of an empty ledger. A test compares it with what LEDGER_MIGRATIONS make, which also say why things are as they are. */
export const NEWEST_LEDGER = `
  CREATE TABLE label (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

  CREATE TABLE entry (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    opened_at INTEGER NOT NULL,
    command INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    profile INTEGER NOT NULL,
    project INTEGER NOT NULL,
    api INTEGER NOT NULL,
    requested_model INTEGER NOT NULL,
    model INTEGER NOT NULL,
    family INTEGER NOT NULL,
    template INTEGER,
    estimated_prompt_tokens INTEGER NOT NULL,
    expected_cost TEXT,
    outcome INTEGER,
    served_model INTEGER,
    provider INTEGER,
    generation_id TEXT,
    prompt_tokens INTEGER,
    cached_tokens INTEGER,
    cache_write_tokens INTEGER,
    completion_tokens INTEGER,
    reasoning_tokens INTEGER,
    cost TEXT,
    cost_nano INTEGER NOT NULL DEFAULT 0,
    cost_rest INTEGER NOT NULL DEFAULT 0,
    cost_source INTEGER NOT NULL DEFAULT 0,
    is_byok INTEGER,
    time_to_first_token_ms REAL,
    duration_ms REAL,
    throughput REAL,
    finish_reason INTEGER,
    attempts INTEGER,
    error_kind INTEGER,
    look_ups INTEGER NOT NULL DEFAULT 0,
    looked_up_at INTEGER,
    estimated_extra_tokens INTEGER,
    upstream_cost TEXT,
    upstream_nano INTEGER NOT NULL DEFAULT 0,
    upstream_rest INTEGER NOT NULL DEFAULT 0,
    turn TEXT,
    vendor INTEGER,
    client INTEGER,
    tags INTEGER,
    fallback_from INTEGER,
    fallback_reason INTEGER
  ) STRICT;
  CREATE INDEX entry_time ON entry (opened_at);
  CREATE INDEX entry_conversation ON entry (conversation, opened_at);
  CREATE INDEX entry_open ON entry (opened_at) WHERE outcome IS NULL;
  CREATE INDEX entry_unbilled ON entry (look_ups, opened_at)
    WHERE generation_id IS NOT NULL AND cost_source < 2 AND outcome IS NOT NULL;
  CREATE INDEX entry_calibration ON entry (family, opened_at, prompt_tokens, estimated_prompt_tokens)
    WHERE outcome = 0 AND prompt_tokens > 0 AND estimated_prompt_tokens > 0;
  CREATE INDEX entry_answer ON entry (model, opened_at) WHERE outcome = 0;
  CREATE INDEX entry_asked ON entry (requested_model, opened_at) WHERE outcome = 0;
  CREATE INDEX entry_template ON entry (template, opened_at, model, requested_model, completion_tokens)
    WHERE outcome = 0 AND template IS NOT NULL;

  CREATE TABLE lease (
    entry INTEGER PRIMARY KEY REFERENCES entry (row),
    expires_at INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    amount TEXT,
    models TEXT NOT NULL,
    is_kept INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE budget (
    id INTEGER PRIMARY KEY,
    period TEXT NOT NULL,
    amount TEXT NOT NULL,
    project TEXT,
    profile TEXT,
    model TEXT,
    warn_at REAL NOT NULL,
    vendor TEXT,
    client TEXT,
    tag TEXT
  ) STRICT;

  CREATE TABLE budget_total (
    row INTEGER PRIMARY KEY,
    budget INTEGER NOT NULL REFERENCES budget (id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    nano INTEGER NOT NULL,
    rest INTEGER NOT NULL,
    pruned_nano INTEGER NOT NULL DEFAULT 0,
    pruned_rest INTEGER NOT NULL DEFAULT 0,
    UNIQUE (budget, start, end, conversation)
  ) STRICT;
  CREATE INDEX budget_total_conversation ON budget_total (conversation, start);
  CREATE INDEX entry_report ON entry (
    opened_at, model, provider, command, project, profile, outcome, cost_source, cost_nano, cost_rest, upstream_nano, upstream_rest,
    prompt_tokens, cached_tokens, cache_write_tokens, completion_tokens, reasoning_tokens, requested_model, vendor, client, tags
  );
  CREATE INDEX entry_client ON entry (client, opened_at, cost_nano, cost_rest, upstream_nano, upstream_rest) WHERE client IS NOT NULL;
  CREATE INDEX entry_generation ON entry (generation_id, client) WHERE client IS NOT NULL AND generation_id IS NOT NULL;
  CREATE INDEX lease_copy ON lease (expires_at, pid, host, amount, models, is_kept);

  CREATE TABLE rollup_state (
    row INTEGER PRIMARY KEY CHECK (row = 1),
    phase INTEGER,
    folded_until INTEGER NOT NULL,
    unfolded_from INTEGER NOT NULL
  ) STRICT;
  INSERT INTO rollup_state VALUES (1, NULL, 0, 0);

  CREATE TABLE rollup_span (
    level INTEGER NOT NULL,
    start INTEGER NOT NULL,
    facets INTEGER NOT NULL,
    PRIMARY KEY (level, start)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rollup (
    facet INTEGER NOT NULL,
    level INTEGER NOT NULL,
    start INTEGER NOT NULL,
    cells BLOB NOT NULL,
    PRIMARY KEY (facet, level, start)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rollup_times (
    facet INTEGER NOT NULL,
    level INTEGER NOT NULL,
    start INTEGER NOT NULL,
    times BLOB NOT NULL,
    PRIMARY KEY (facet, level, start)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_rest ON entry (
    turn, generation_id, api, family, template, served_model, is_byok, finish_reason, attempts, error_kind, look_ups, looked_up_at,
    estimated_prompt_tokens, estimated_extra_tokens, expected_cost, time_to_first_token_ms, duration_ms, throughput,
    fallback_from, fallback_reason
  );
  CREATE INDEX entry_fallback ON entry (opened_at) WHERE fallback_from IS NOT NULL OR fallback_reason IS NOT NULL;
  ${ROLLUP_TRIGGERS}
`;
