// A ledger with very many entries, written by SQL alone: orx's own import would take minutes. A year of work whose dimensions depend on each other
// as in real life: a project belongs to a profile and uses six models, a model has three providers.
import Libsql from 'libsql';
import { MODELS, NOW, START } from './many-entries.js';

const PROJECTS = 12;
const FIRST_PROVIDER = 101;
const FIRST_PROJECT = 201;
const [CHAT, SERVE, DEFAULT, WORK, API, VENDOR, FAMILY] = [301, 302, 311, 312, 321, 331, 341];
const FIRST_CLIENT = 401;
const FIRST_TAGS = 501;

/**
 * Adds `count` entries to the empty ledger at `path`, evenly distributed over the year before NOW.
 * @param {string} path
 * @param {number} count
 */
export function writeEntriesBySql(path, count) {
  const database = new Libsql(path);
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -400000');
  const indexes = /** @type {{ name: string, sql: string }[]} */ (
    database.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'entry' AND sql IS NOT NULL`).all()
  );
  database.exec('BEGIN');
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  const label = database.prepare('INSERT INTO label (id, text) VALUES (?, ?)');
  for (const [id, text] of labels()) label.run([id, text]);
  database.exec(`
    INSERT INTO entry (id, opened_at, command, conversation, profile, project, api, requested_model, model, family, vendor, client, tags,
      estimated_prompt_tokens, outcome, served_model, provider, generation_id, prompt_tokens, cached_tokens, completion_tokens,
      reasoning_tokens, cost, cost_nano, cost_rest, cost_source, time_to_first_token_ms, duration_ms, throughput, attempts)
    WITH RECURSIVE
      numbers (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count - 1}),
      drawn AS (SELECT i, (i * 2654435761) & 0xffffffff h, i / 8 turn FROM numbers),
      placed AS (SELECT *, (turn * 2246822519 >> 7) % ${PROJECTS} p, (turn * 3266489917 >> 9) % 6 m FROM drawn),
      made AS (SELECT *, 1 + (p * 5 + m * 4) % ${MODELS.length} model, h % 97 = 0 is_long, h % 1000000 nano,
        CASE WHEN p % 3 = 0 THEN ${SERVE} ELSE ${CHAT} END command FROM placed)
    SELECT printf('%012x', i), CAST(${START} + i * ${NOW - START}.0 / ${count} AS INTEGER), command, printf('conversation-%d', turn),
      CASE WHEN p > 9 THEN ${WORK} ELSE ${DEFAULT} END, ${FIRST_PROJECT} + p, ${API}, model, model, ${FAMILY} + model % 6, ${VENDOR},
      CASE WHEN command = ${SERVE} THEN ${FIRST_CLIENT} + (h >> 5) % 4 END, CASE WHEN command = ${SERVE} THEN ${FIRST_TAGS} + p % 5 END,
      200 + i % 8 * 1000, CASE WHEN h % 50 = 0 THEN 2 ELSE 0 END, model, ${FIRST_PROVIDER} + (model * 3 + (h >> 11) % 3) % 15,
      printf('gen-%x', i), CASE WHEN is_long THEN 190000 ELSE 210 END + i % 8 * 1000 + (h >> 7) % 1000, (h >> 13) % 100,
      20 + (h >> 4) % 900, (h >> 6) % 50, printf('0.00%06d', nano), nano * 10, 0, CASE WHEN h % 30 = 0 THEN 1 ELSE 3 END,
      150.5 + (h >> 8) % 2000, 900.25 + (h >> 2) % 20000, 20.0 + (h >> 10) % 100, 1
    FROM made;
  `);
  for (const { sql } of indexes) database.exec(sql);
  database.exec('COMMIT');
  database.close();
}

/** @returns {[number, string][]} */
function labels() {
  /** @type {(first: number, count: number, name: (index: number) => string) => [number, string][]} */
  const many = (first, count, name) => Array.from({ length: count }, (_, index) => [first + index, name(index)]);
  return [
    ...many(1, MODELS.length, (index) => MODELS[index] ?? ''),
    ...many(FIRST_PROVIDER, 15, (index) => `Provider ${index}`),
    ...many(FIRST_PROJECT, PROJECTS, (index) => `/srv/ada/project-${index}`),
    [CHAT, 'chat'],
    [SERVE, 'serve'],
    [DEFAULT, 'default'],
    [WORK, 'work'],
    [API, 'https://api.example/v1'],
    [VENDOR, 'openrouter'],
    ...many(FAMILY, 6, (index) => `family-${index}`),
    ...many(FIRST_CLIENT, 4, (index) => `client-${index}`),
    ...many(FIRST_TAGS, 5, (index) => `team-${index},production`),
  ];
}
