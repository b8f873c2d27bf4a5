// Measures whole processes of orx with a ledger of ten million entries, alternately with the same command and an empty ledger.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleSource } from '../support/bundle-source.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { firstFrameOf } from '../support/run-in-terminal.js';
import { inTurn } from '../support/statistics.js';
import { writeEntriesBySql } from '../support/sql-entries.js';
import { ORX } from '../support/setup.js';

/** `ORX_BENCH_ENTRIES=1000000 npm run bench -- large-ledger` takes a few minutes. */
const ENTRIES = Number(process.env['ORX_BENCH_ENTRIES'] ?? 10_000_000);
const ROUNDS = 5;
const USAGE = ['usage', '--since', 'all'];
const PROJECT = ['--project', '/srv/ada/project-3'];

/** @type {readonly (readonly string[])[]} */
const REPORTS = [
  ...['model', 'provider', 'vendor', 'command', 'project', 'profile', 'key', 'tag', 'day', 'week', 'month'].map((by) => [
    ...USAGE,
    '--by',
    by,
  ]),
  ...['json', 'csv', 'markdown', 'html'].map((format) => [...USAGE, '-o', format]),
  [...USAGE, '-o', 'html', '--by', 'project'],
  ['usage', '--since', '2026-01-15T09:20'],
  [...USAGE, ...PROJECT, '--by', 'provider'],
  [...USAGE, ...PROJECT, '--by', 'day'],
  [...USAGE, ...PROJECT, '--command', 'serve', '--by', 'model'],
  [...USAGE, '--what-if', 'deepseek/deepseek-chat'],
  [...USAGE, '--advise'],
  ['cost', 'last'],
  ['cost', 'all', '--json'],
  ['budget', 'list'],
  ['ledger'],
];
const SCREENS = ['model', 'project'].map((by) => [...USAGE, '--by', by]);

/**
 * Takes half an hour, nearly all of it to create the entries and their rollups.
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureLargeLedger(setup) {
  const { openLedger } = await import(
    pathToFileURL(await bundleSource('src/storage/ledger/open-ledger.ts', join(setup.folder, 'bundle'))).href
  );
  const large = join(setup.folder, 'large');
  const empty = join(setup.folder, 'empty');
  for (const folder of [large, empty]) mkdirSync(join(folder, 'data'), { recursive: true });
  const path = join(large, 'data', 'ledger-sandbox.db');
  if (!existsSync(path)) {
    (await openLedger({ folder: dirname(path), name: 'ledger-sandbox' })).close();
    writeEntriesBySql(path, ENTRIES);
  }
  /** @type {import('../../src/storage/ledger/ledger.ts').Ledger} */
  const ledger = await openLedger({ folder: dirname(path), name: 'ledger-sandbox' });
  const began = performance.now();
  ledger.sums({});
  const foldMs = performance.now() - began;
  ledger.close();
  const optionsOf = (/** @type {string} */ home) => ({ cwd: home, env: { ...setup.environment(), ORX_HOME: home } });
  /** @type {import('../support/figures.js').Figure[]} */
  const figures = [{ what: `${ENTRIES} entries, added up once`, figure: foldMs, unit: 'ms' }];
  const runs = [
    ...REPORTS.map((report) => ({ report, run: wholeMs, name: `orx ${report.join(' ')}` })),
    ...SCREENS.map((report) => ({ report, run: firstFrameOf, name: `orx ${report.join(' ')}, dashboard to its first frame` })),
  ];
  for (const { report, run, name } of runs) {
    const args = [ORX, '--sandbox', ...report];
    const { many = NaN, none = NaN } = await inTurn(ROUNDS, {
      many: () => run(args, optionsOf(large)),
      none: () => run(args, optionsOf(empty)),
    });
    figures.push({
      what: name,
      figure: many,
      unit: 'ms',
      against: { name: 'an empty ledger', figure: none },
      target: 'large-ledger',
    });
  }
  return figures;
}

/**
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 */
async function wholeMs(args, options) {
  return (await runInPipe(args, options)).wholeMs;
}
