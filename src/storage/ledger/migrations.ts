import type { Migration } from '../sqlite/database.ts';

/** The columns of an entry that its rollups contain. */
const ROLLUP_COLUMNS = `opened_at, command, profile, project, model, outcome, provider, prompt_tokens, cached_tokens, cache_write_tokens, completion_tokens, reasoning_tokens, cost_nano, cost_rest, cost_source, time_to_first_token_ms, duration_ms, throughput, upstream_nano, upstream_rest, vendor, client, tags`;
/** The lengths of spans, as in rollups/grid.ts. */
const ROLLUP_LENGTHS = [3_600_000, 86_400_000, 691_200_000, 5_529_600_000, 44_236_800_000];

/** Remove the spans that contain a changed entry. A released migration uses them: never edit them. */
export const ROLLUP_TRIGGERS = [
  rollupTrigger('insert', 'INSERT', ['NEW']),
  rollupTrigger('delete', 'DELETE', ['OLD']),
  rollupTrigger('update', `UPDATE OF ${ROLLUP_COLUMNS}`, ['OLD', 'NEW']),
].join('\n');

/**
 * All schema versions of the ledger, oldest first. A released migration is never edited. Texts that occur in many entries (models, projects, …)
 * are stored as numbers of `label`, so that a million entries are small and fast to compare. A cost is stored as its original text, and for sums
 * as billionths of a USD and billionths of those (cost-units.ts). A `lease` belongs to an open entry: until when it counts as alive, its
 * process, and how much money it reserves. A `budget_total` is the amount spent of one budget in one period. What they make of an empty file is
 * also in newest.ts.
 */
export const LEDGER_MIGRATIONS: readonly Migration[] = [
  {
    name: 'entries, budgets, leases and totals',
    sql: `
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
        looked_up_at INTEGER
      ) STRICT;
      CREATE INDEX entry_time ON entry (opened_at);
      CREATE INDEX entry_report ON entry (
        opened_at, model, provider, command, project, profile, outcome, cost_source, cost_nano, cost_rest,
        prompt_tokens, cached_tokens, cache_write_tokens, completion_tokens, reasoning_tokens, requested_model
      );
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
        warn_at REAL NOT NULL
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
    `,
  },
  {
    name: 'the part of an estimate that is not message text',
    sql: 'ALTER TABLE entry ADD COLUMN estimated_extra_tokens INTEGER;',
  },
  {
    // From here on cost_nano and cost_rest are the sum of cost and upstream_cost, and upstream_* the latter alone. What a provider charged for
    // earlier requests was not stored: their costs are estimates until they are looked up.
    name: 'what providers charge for keys of the user',
    sql: `
      ALTER TABLE entry ADD COLUMN upstream_cost TEXT;
      ALTER TABLE entry ADD COLUMN upstream_nano INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE entry ADD COLUMN upstream_rest INTEGER NOT NULL DEFAULT 0;
      UPDATE entry SET cost_source = 1 WHERE is_byok = 1 AND cost_source > 1;
      DROP INDEX entry_report;
      CREATE INDEX entry_report ON entry (
        opened_at, model, provider, command, project, profile, outcome, cost_source, cost_nano, cost_rest, upstream_nano, upstream_rest,
        prompt_tokens, cached_tokens, cache_write_tokens, completion_tokens, reasoning_tokens, requested_model
      );
    `,
  },
  {
    name: 'which requests belong to one command',
    sql: 'ALTER TABLE entry ADD COLUMN turn TEXT;',
  },
  {
    // SQLite's integrity check compares a table with its indexes, so it detects a changed byte only in an indexed column. The texts of costs are
    // compared with their numbers (check.ts).
    name: 'an index of every column that no other index of all entries holds',
    sql: `
      CREATE INDEX entry_rest ON entry (
        turn, generation_id, api, family, template, served_model, is_byok, finish_reason, attempts, error_kind, look_ups, looked_up_at,
        estimated_prompt_tokens, estimated_extra_tokens, expected_cost, time_to_first_token_ms, duration_ms, throughput
      );
    `,
  },
  {
    // `client` is the name of a client key, `tags` a list in one label (labeling.ts). The vendor of earlier requests follows from the name of
    // their model. Most ledgers have no client keys: the index of their spending contains only entries that have one.
    name: 'who asked, and whom; budgets of client keys, tags and vendors',
    sql: `
      ALTER TABLE entry ADD COLUMN vendor INTEGER;
      ALTER TABLE entry ADD COLUMN client INTEGER;
      ALTER TABLE entry ADD COLUMN tags INTEGER;
      ALTER TABLE budget ADD COLUMN vendor TEXT;
      ALTER TABLE budget ADD COLUMN client TEXT;
      ALTER TABLE budget ADD COLUMN tag TEXT;
      DROP INDEX entry_report;
      CREATE TEMP TABLE asked AS
        SELECT id model, CASE WHEN text GLOB '[a-z]*:*' AND substr(text, 1, instr(text, ':') - 1) NOT GLOB '*[^a-z0-9-]*'
          THEN substr(text, 1, instr(text, ':') - 1) ELSE 'openrouter' END vendor
        FROM label WHERE id IN (SELECT DISTINCT requested_model FROM entry);
      INSERT OR IGNORE INTO label (text) SELECT DISTINCT vendor FROM temp.asked;
      UPDATE entry SET vendor = (SELECT label.id FROM temp.asked JOIN label ON label.text = asked.vendor WHERE asked.model = requested_model);
      DROP TABLE temp.asked;
      CREATE INDEX entry_report ON entry (
        opened_at, model, provider, command, project, profile, outcome, cost_source, cost_nano, cost_rest, upstream_nano, upstream_rest,
        prompt_tokens, cached_tokens, cache_write_tokens, completion_tokens, reasoning_tokens, requested_model, vendor, client, tags
      );
      CREATE INDEX entry_client ON entry (client, opened_at, cost_nano, cost_rest, upstream_nano, upstream_rest) WHERE client IS NOT NULL;
      CREATE INDEX entry_generation ON entry (generation_id, client) WHERE client IS NOT NULL AND generation_id IS NOT NULL;
    `,
  },
  {
    // For the same reason as the index of entries: the amount and end of a lease decide whether other requests are allowed.
    name: 'an index of all that a lease says',
    sql: 'CREATE INDEX lease_copy ON lease (expires_at, pid, host, amount, models, is_kept);',
  },
  {
    // rollups/ describes these tables. A span in rollup_span agrees with its entries: every change of an entry before `folded_until`
    // removes the spans that contain it, in the same statement. Entries of the present are later than that, so that
    // recording a request costs one comparison.
    name: 'rollups: sums and times of entries by span of time',
    sql: `
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
      ${ROLLUP_TRIGGERS}
    `,
  },
  {
    // Both are in the index of all that no other index holds, for the reason given there.
    name: 'why another model answered',
    sql: `
      ALTER TABLE entry ADD COLUMN fallback_from INTEGER;
      ALTER TABLE entry ADD COLUMN fallback_reason INTEGER;
      DROP INDEX entry_rest;
      CREATE INDEX entry_rest ON entry (
        turn, generation_id, api, family, template, served_model, is_byok, finish_reason, attempts, error_kind, look_ups, looked_up_at,
        estimated_prompt_tokens, estimated_extra_tokens, expected_cost, time_to_first_token_ms, duration_ms, throughput,
        fallback_from, fallback_reason
      );
    `,
  },
  {
    // Few entries have a fallback, so that all others cost nothing here.
    name: 'an index of the entries of fallbacks',
    sql: 'CREATE INDEX entry_fallback ON entry (opened_at) WHERE fallback_from IS NOT NULL OR fallback_reason IS NOT NULL;',
  },
];

function rollupTrigger(name: string, event: string, sides: readonly ('OLD' | 'NEW')[]): string {
  const at = sides.map((side) => `${side}.opened_at`);
  const removals = at.flatMap((moment) =>
    ROLLUP_LENGTHS.map(
      (length, level) =>
        `DELETE FROM rollup_span WHERE level = ${level} AND start > ${moment} - ${length} AND start <= ${moment};`,
    ),
  );
  const first = at.length === 1 ? at[0] : `min(${at.join(', ')})`;
  return `
      CREATE TRIGGER rollup_${name} AFTER ${event} ON entry WHEN ${first} < (SELECT folded_until FROM rollup_state) BEGIN
        UPDATE rollup_state SET unfolded_from = ${first} WHERE unfolded_from > ${first};
        ${removals.join('\n        ')}
      END;`;
}
