// The ledger at one million entries: how long each report takes, and what a request's entry costs beside a bare insert and update of
// SQLite, taken in turn in the same run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { bundleSource } from '../support/bundle-source.js';
import { inTurn, median } from '../support/statistics.js';

/** @typedef {import('../../src/storage/ledger/ledger.ts').Ledger} Ledger */
/** @typedef {import('../../src/storage/ledger/ledger.ts').LedgerEntry} LedgerEntry */

const ENTRIES = 1_000_000;
const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 4, 20, 12);
const START = NOW - 365 * DAY;
const REPORT_ROUNDS = 3;
const WRITES_PER_ROUND = 200;
const WRITE_ROUNDS = 5;

const SPANS = {
  day: { start: NOW - DAY / 2, end: NOW + DAY / 2 },
  week: { start: NOW - 3 * DAY, end: NOW + 4 * DAY },
  month: { start: NOW - 19 * DAY, end: NOW + 12 * DAY },
};
/** Two shifts a year, as most zones have. */
const ZONE = [
  { from: -Infinity, offsetMs: 3_600_000 },
  { from: Date.UTC(2025, 2, 30, 1), offsetMs: 7_200_000 },
  { from: Date.UTC(2025, 9, 26, 1), offsetMs: 3_600_000 },
  { from: Date.UTC(2026, 2, 29, 1), offsetMs: 7_200_000 },
];

/**
 * Half a minute, most of it for making the entries.
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureLedger() {
  const folder = await mkdtemp(join(tmpdir(), 'orx-bench-ledger-'));
  try {
    const { openLedger } = await import(pathToFileURL(await bundleSource('src/storage/ledger/open-ledger.ts', folder)).href);
    /** @type {Ledger} */
    const ledger = await openLedger({ folder, name: 'ledger' });
    const began = performance.now();
    ledger.import(manyEntries());
    const importMs = performance.now() - began;
    const figures = [
      { what: 'a million entries, imported', figure: importMs, unit: /** @type {const} */ ('ms') },
      ...(await reportFigures(ledger)),
      ...(await writeFigures(ledger, folder)),
    ];
    ledger.close();
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Ledger} ledger
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
async function reportFigures(ledger) {
  /** @type {Record<string, () => unknown>} */
  const reports = {
    'sums of everything': () => ledger.sums({}),
    'by day': () => ledger.report({}, { by: undefined, zone: ZONE }),
    'by day and model': () => ledger.report({}, { by: 'model', zone: ZONE }),
    'by day and provider': () => ledger.report({}, { by: 'provider', zone: ZONE }),
    'by day and command': () => ledger.report({}, { by: 'command', zone: ZONE }),
    'by day and project': () => ledger.report({}, { by: 'project', zone: ZONE }),
    'by day and profile': () => ledger.report({}, { by: 'profile', zone: ZONE }),
    'of one project, by day and model': () => ledger.report({ project: '/work/project-3' }, { by: 'model', zone: ZONE }),
    'past workloads by day': () =>
      ledger.pastWorkloads({}, { sizes: [128_000, 200_000], minutes: [], isByWeekday: false, moments: [], byModel: true }),
    'of one conversation': () => ledger.sums({ conversation: 'conversation-77777' }),
    'what is learned of a model': () => [
      ledger.calibration('family-3'),
      ledger.outputLength('author/model-3'),
      ledger.outputLength('author/model-3', 'review'),
      ledger.measuredSpeeds('author/model-3'),
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
    ledger.setBudget({ period, limit: '1000000000', warnAt: 0.8 });
  }
  ledger.setBudget({ period: 'month', limit: '1000000000', warnAt: 0.8, project: '/work/project-3' });
  ledger.setBudget({ period: 'month', limit: '1000000000', warnAt: 0.8, model: 'author/*' });
  const firstMs = timeOf(() => ledger.standings(scope()));
  const held = await inTurn(WRITE_ROUNDS, {
    orx: async () => median(Array.from({ length: WRITES_PER_ROUND }, () => timeOf(() => writeOne(ledger, true)))),
    bare: async () => median(Array.from({ length: WRITES_PER_ROUND }, () => timeOf(bare.write))),
  });
  bare.close();
  return [
    ...pairOf('at a million entries, a request opened and settled', without),
    ...pairOf('the same, held against seven budgets', held),
    { what: 'seven budgets added up the first time', figure: firstMs, unit: 'ms' },
  ];
}

/**
 * The ratio of a hundred, because one takes a fraction of a millisecond, and what one adds.
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

/** @param {Ledger} ledger @param {boolean} [isHeld] */
function writeOne(ledger, isHeld = false) {
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
    estimatedPromptTokens,
  };
  const hold = { reservation: { amount: '0.1', expiresAt: NOW + DAY }, scope: scope(conversation, project) };
  if (ledger.open(opening, isHeld ? hold : undefined).kind !== 'opened') throw new Error('a budget was passed');
  ledger.settle(id, { ...entry, outcome, attempts, cost, costSource: 'billed' });
}

function scope(conversation = 'conversation-1', project = '/work/project-3') {
  return { conversation, profile: 'default', project, models: ['author/model-3'], spans: SPANS, now: NOW };
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
      const { lastInsertRowid } = insert.run(['an id of some length', NOW, 'author/model-3']);
      update.run(['0.001', lastInsertRowid]);
    },
    close: () => database.close(),
  };
}

/** @returns {Generator<LedgerEntry>} */
function* manyEntries() {
  const step = (NOW - START) / ENTRIES;
  for (let index = 0; index < ENTRIES; index += 1) yield entryAt(index, Math.floor(START + index * step));
}

/**
 * @param {number} index
 * @param {number} openedAt
 * @returns {LedgerEntry}
 */
function entryAt(index, openedAt) {
  // Spread without a pattern, and the same in every run.
  const drawn = Math.imul(index + 1, 2_654_435_761) >>> 0;
  const model = (drawn >>> 3) % 24;
  const isComplete = drawn % 50 !== 0;
  return {
    id: `${openedAt.toString(36)}-${index}`,
    openedAt,
    command: ['chat', 'compare', 'run'][(drawn >>> 5) % 3] ?? '',
    conversation: `conversation-${Math.floor(index / 8)}`,
    profile: drawn % 10 === 0 ? 'work' : 'default',
    project: `/work/project-${(drawn >>> 9) % 12}`,
    api: 'https://api.example/v1',
    requestedModel: `author/model-${model}`,
    family: `family-${model % 6}`,
    template: drawn % 40 === 1 ? 'review' : undefined,
    estimatedPromptTokens: 200 + ((drawn >>> 7) % 4000),
    state: 'settled',
    outcome: isComplete ? 'complete' : 'failed',
    servedModel: `author/model-${model}`,
    provider: `Provider ${(drawn >>> 11) % 15}`,
    generationId: `gen-${drawn.toString(16)}-${index}`,
    promptTokens: 210 + ((drawn >>> 7) % 4000),
    cachedTokens: (drawn >>> 13) % 100,
    completionTokens: 20 + ((drawn >>> 4) % 900),
    reasoningTokens: (drawn >>> 6) % 50,
    cost: `0.00${String(drawn % 1_000_000).padStart(6, '0')}27`,
    costSource: drawn % 30 === 0 ? 'estimated' : 'billed',
    timeToFirstTokenMs: 150 + ((drawn >>> 8) % 2000),
    durationMs: 900 + ((drawn >>> 2) % 20_000),
    throughput: 20 + ((drawn >>> 10) % 100),
    finishReason: 'stop',
    attempts: 1,
  };
}

/** @param {() => unknown} work */
function timeOf(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
