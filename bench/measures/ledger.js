// Measures the ledger with one million entries: the duration of each report, and the cost of a request's entry compared with a
// plain insert and update in SQLite, alternately in the same run; then whole processes (reports.js).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { bundleSource } from '../support/bundle-source.js';
import { DAY, ENTRIES, entryAt, manyEntries, MODELS, NOW } from '../support/many-entries.js';
import { inTurn, median } from '../support/statistics.js';
import { measureReports } from './reports.js';

/** @typedef {import('../../src/storage/ledger/ledger.ts').Ledger} Ledger */

const REPORT_ROUNDS = 3;
const WRITES_PER_ROUND = 200;
const WRITE_ROUNDS = 5;

const MODEL = /** @type {string} */ (MODELS[3]);

const SPANS = {
  day: { start: NOW - DAY / 2, end: NOW + DAY / 2 },
  week: { start: NOW - 3 * DAY, end: NOW + 4 * DAY },
  month: { start: NOW - 19 * DAY, end: NOW + 12 * DAY },
};
/** Prices without conditions. */
const WHOLE = { sizes: [], minutes: [], isByWeekday: false, moments: [] };
/** Two shifts a year, as in most time zones. */
const ZONE = [
  { from: -Infinity, offsetMs: 3_600_000 },
  { from: Date.UTC(2025, 2, 30, 1), offsetMs: 7_200_000 },
  { from: Date.UTC(2025, 9, 26, 1), offsetMs: 3_600_000 },
  { from: Date.UTC(2026, 2, 29, 1), offsetMs: 7_200_000 },
];

/**
 * Takes a minute and a half, a third of it to create the entries.
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureLedger(setup) {
  const folder = join(setup.folder, 'data');
  const { openLedger } = await import(pathToFileURL(await bundleSource('src/storage/ledger/open-ledger.ts', folder)).href);
  /** @type {Ledger} */
  const ledger = await openLedger({ folder, name: 'ledger-sandbox' });
  const began = performance.now();
  ledger.import(manyEntries());
  const importMs = performance.now() - began;
  const figures = [
    {
      what: 'a million entries, imported',
      figure: importMs / 1000,
      unit: /** @type {const} */ ('s'),
      target: /** @type {const} */ ('import'),
    },
    ...(await reportFigures(ledger)),
    ...(await writeFigures(ledger, folder)),
  ];
  const { path } = ledger;
  ledger.close();
  return [...figures, ...(await measureReports(setup, path))];
}

/**
 * @param {Ledger} ledger
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
async function reportFigures(ledger) {
  /** @type {Record<string, () => unknown>} */
  const reports = {
    'sums of everything': () => ledger.sums({}),
    'by day': () => ledger.report({}, { by: String, zone: ZONE }),
    'by day and model': () => ledger.report({}, { by: 'model', zone: ZONE }),
    'by day and provider': () => ledger.report({}, { by: 'provider', zone: ZONE }),
    'by day and command': () => ledger.report({}, { by: 'command', zone: ZONE }),
    'by day and project': () => ledger.report({}, { by: 'project', zone: ZONE }),
    'by day and profile': () => ledger.report({}, { by: 'profile', zone: ZONE }),
    'by day and project, and by model': () => ledger.report({}, { by: 'project', zone: ZONE, withModels: true }),
    'of one project, by day and model': () => ledger.report({ project: '/srv/ada/project-3' }, { by: 'model', zone: ZONE }),
    'past workloads, by size of the prompt and model': () =>
      ledger.pastWorkloads({}, { ...WHOLE, sizes: [128_000, 200_000], byModel: true }),
    'past workloads as one piece': () => ledger.pastWorkloads({}, WHOLE),
    'the latest 50,000 turns': () => ledger.pastTurns({}, { limit: 50_000 }),
    'of one conversation': () => ledger.sums({ conversation: 'conversation-77777' }),
    'what is learned of a model': () => [
      ledger.calibration('family-3', { low: 0.5, high: 2 }),
      ledger.outputLength(MODEL),
      ledger.outputLength(MODEL, 'review'),
      ledger.measuredSpeeds(MODEL),
    ],
    'the latest entry': () => [...ledger.entries({}, { order: 'latest', limit: 1 })],
  };
  const taken = await inTurn(
    REPORT_ROUNDS,
    Object.fromEntries(Object.entries(reports).map(([name, run]) => [name, async () => timeOf(run)])),
  );
  return Object.entries(taken).map(([name, figure]) => ({
    what: `of a million entries, ${name}`,
    figure,
    unit: /** @type {const} */ ('ms'),
    aim: { limit: 1000, isStrict: true },
  }));
}

/**
 * @param {Ledger} ledger
 * @param {string} folder
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
async function writeFigures(ledger, folder) {
  const bare = bareWrites(join(folder, 'bare.db'));
  const without = await inTurn(WRITE_ROUNDS, {
    orx: async () => median(Array.from({ length: WRITES_PER_ROUND }, () => timeOf(() => writeOne(ledger)))),
    bare: async () => median(Array.from({ length: WRITES_PER_ROUND }, () => timeOf(bare.write))),
  });
  for (const period of /** @type {const} */ (['request', 'conversation', 'day', 'week', 'month'])) {
    ledger.setBudget({ period, limit: '1000000', warnAt: 0.8 });
  }
  ledger.setBudget({ period: 'month', limit: '1000000', warnAt: 0.8, project: '/srv/ada/project-3' });
  ledger.setBudget({ period: 'month', limit: '1000000', warnAt: 0.8, model: 'author/*' });
  const firstMs = timeOf(() => ledger.standings(scope()));
  const pending = await inTurn(WRITE_ROUNDS, {
    orx: async () => median(Array.from({ length: WRITES_PER_ROUND }, () => timeOf(() => writeOne(ledger, true)))),
    bare: async () => median(Array.from({ length: WRITES_PER_ROUND }, () => timeOf(bare.write))),
  });
  bare.close();
  return [
    ...pairOf('at a million entries, a request opened and settled', without),
    ...pairOf('the same, checked against seven budgets', pending),
    { what: 'seven budgets added up the first time', figure: firstMs, unit: 'ms' },
  ];
}

/**
 * Returns the ratio of a hundred operations, because one takes a fraction of a millisecond, and what one adds.
 * @param {string} what
 * @param {{ orx: number, bare: number }} pair
 * @returns {import('../support/figures.js').Figure[]}
 */
function pairOf(what, { orx, bare }) {
  return [
    { what: `${what}, 100 times`, figure: orx * 100, unit: 'ms', against: { name: 'bare SQLite', figure: bare * 100 } },
    { what: `${what}: more than bare`, figure: orx - bare, unit: 'ms', aim: { limit: 2, isStrict: true } },
  ];
}

let written = 0;

/** @param {Ledger} ledger @param {boolean} [isDeferred] */
function writeOne(ledger, isDeferred = false) {
  written += 1;
  const id = `written-${written}`;
  const { outcome = 'complete', attempts = 1, cost, ...entry } = entryAt(ENTRIES + written, NOW + written);
  const { conversation, profile, project, api, requestedModel, family, command, estimatedPromptTokens } = entry;
  const opening = {
    id,
    openedAt: NOW + written,
    conversation,
    profile,
    project,
    api,
    requestedModel,
    family,
    command,
    vendor: 'openrouter',
    estimatedPromptTokens,
  };
  const hold = { reservation: { amount: '0.1', expiresAt: NOW + DAY }, scope: scope(conversation, project) };
  if (ledger.open(opening, isDeferred ? hold : undefined).kind !== 'opened') throw new Error('a budget was passed');
  ledger.settle(id, { ...entry, outcome, attempts, cost, costSource: 'billed' });
}

function scope(conversation = 'conversation-1', project = '/srv/ada/project-3') {
  return { conversation, profile: 'default', project, models: [MODEL], vendor: 'openrouter', tags: [], spans: SPANS, now: NOW };
}

/** @param {string} path */
function bareWrites(path) {
  const database = new Libsql(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec('CREATE TABLE entry (row INTEGER PRIMARY KEY, id TEXT, opened_at INTEGER, model TEXT, cost TEXT)');
  const insert = database.prepare('INSERT INTO entry (id, opened_at, model) VALUES (?, ?, ?)');
  const update = database.prepare('UPDATE entry SET cost = ? WHERE row = ?');
  return {
    write() {
      const { lastInsertRowid } = insert.run(['an id of some length', NOW, MODEL]);
      update.run(['0.001', lastInsertRowid]);
    },
    close: () => database.close(),
  };
}

/** @param {() => unknown} work */
function timeOf(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
