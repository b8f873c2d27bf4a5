// Measures whole processes of orx with a ledger of a million entries, from the start of Node to the last byte (on a terminal to
// the first frame), alternately with the minimum of any such program: start Node, open the database, and add up three columns of
// every entry.
import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { bundleSource } from '../support/bundle-source.js';
import { DAY, MODELS, NOW } from '../support/many-entries.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { firstFrameOf } from '../support/run-in-terminal.js';
import { inTurn } from '../support/statistics.js';
import { ORX } from '../support/setup.js';

const ROUNDS = 3;
/** The target for every report. */
const UNDER_A_SECOND = { limit: 1000, isStrict: true };
const PRICE_CHANGES = 50;
const BY = ['model', 'provider', 'command', 'project', 'profile', 'day', 'week', 'month'];
const FORMATS = ['json', 'csv', 'markdown', 'html'];
const USAGE = ['usage', '--since', 'all'];

/** @type {readonly (readonly string[])[]} */
const REPORTS = [
  ...BY.map((by) => [...USAGE, '--by', by]),
  ...FORMATS.map((format) => [...USAGE, '-o', format]),
  [...USAGE, '-o', 'html', '--by', 'project'],
  [...USAGE, '--project', '/srv/ada/project-3', '--by', 'provider'],
  [...USAGE, '--what-if', 'deepseek/deepseek-chat'],
  [...USAGE, '--what-if', 'google/gemini-2.5-pro,openai/gpt-4o', '--prices', 'then'],
  [...USAGE, '--advise'],
  ['cost', 'last'],
  ['cost', 'today', '--json'],
  ['cost', 'conversation-77777'],
  ['budget', 'list'],
];
const SCREENS = ['model', 'project'].map((by) => [...USAGE, '--by', by]);

/**
 * Takes a minute.
 * @param {import('../support/setup.js').Setup} setup
 * @param {string} ledger Path of the sandbox's ledger in the home of the setup.
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureReports({ folder, environment }, ledger) {
  const options = { cwd: folder, env: environment() };
  await recordPrices(dirname(ledger));
  const bare = ['-e', bareSum(ledger)];
  /** @type {Record<string, () => Promise<number>>} */
  const runs = { bare: async () => (await runInPipe(bare, options)).wholeMs };
  for (const report of REPORTS) {
    runs[`orx ${report.join(' ')}`] = async () => {
      const { wholeMs, output } = await runInPipe([ORX, '--sandbox', ...report], options);
      if (output === '') throw new Error(`orx ${report.join(' ')} said nothing`);
      return wholeMs;
    };
  }
  for (const screen of SCREENS) {
    const args = [ORX, '--sandbox', ...screen];
    runs[`orx ${screen.join(' ')}, dashboard to its first frame`] = () => firstFrameOf(args, options);
  }
  const { bare: least = Infinity, ...taken } = await inTurn(ROUNDS, runs);
  return [
    { what: 'of a million entries, a bare sum: process and all', figure: least, unit: 'ms' },
    ...Object.entries(taken).flatMap(([what, figure]) => [
      { what, figure, unit: /** @type {const} */ ('ms'), aim: UNDER_A_SECOND },
      { what: '  to the bare sum', figure, unit: /** @type {const} */ ('ms'), against: { name: 'a bare sum', figure: least } },
    ]),
  ];
}

/** @param {string} ledger */
function bareSum(ledger) {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  return `const Libsql = require(${JSON.stringify(libsql)});
    const [sum] = new Libsql(${JSON.stringify(ledger)}).prepare(
      'SELECT COUNT(*), SUM(prompt_tokens), SUM(completion_tokens), SUM(cost_nano) FROM entry').all();
    console.log(JSON.stringify(sum));`;
}

/**
 * Records two models whose prices changed every week of that year.
 * @param {string} folder
 */
async function recordPrices(folder) {
  const [market, decoder, sources] = await Promise.all(
    [
      'src/storage/market/open-market.ts',
      'src/apis/openrouter/decode-catalogue.ts',
      'src/cli/services/catalogues/catalogue-source.ts',
    ].map(async (source) => import(pathToFileURL(await bundleSource(source, folder)).href)),
  );
  /** @type {import('../../src/storage/market/market.ts').Market} */
  const opened = await market.openMarket({
    folder,
    source: sources.catalogueSource({ sandbox: true }),
    decode: decoder.decodeModel,
  });
  for (let change = 0; change < PRICE_CHANGES; change += 1) {
    const models = MODELS.map((id) => ({
      id,
      name: id,
      context_length: 131_072,
      architecture: { input_modalities: ['text'], output_modalities: ['text'] },
      pricing: { prompt: `0.00000${100 + change}`, completion: `0.00000${400 + change}` },
    })).map(decoder.decodeModel);
    opened.record(models, NOW - (PRICE_CHANGES - change) * 7 * DAY);
  }
  opened.close();
}
