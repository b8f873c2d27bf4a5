import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import fc from 'fast-check';
import Libsql from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Model } from '../../../src/apis/catalogue.ts';
import { decodeModel } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { catalogueFingerprint } from '../../../src/storage/market/fingerprint.ts';
import { keepCatalogue } from '../../../src/storage/market/keep-catalogue.ts';
import type { Market } from '../../../src/storage/market/market.ts';
import { openMarket } from '../../../src/storage/market/open-market.ts';
import { makeModel } from '../../support/catalogue.ts';
import { tempFolder } from '../../support/temp-home.ts';

const START = 1_780_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function marketIn(folder: string, source = 'https://api.example/v1'): Promise<Market> {
  const market = await openMarket({ folder, source, decode: decodeModel });
  onTestFinished(() => market.close());
  return market;
}

const priced = (price: string): Model => makeModel('a/one', { in: price });
const OTHER = makeModel('b/two');
const ids = (models: readonly Model[] | undefined): string[] | undefined => models?.map(({ id }) => id);
const pricesOf = (market: Market, id = 'a/one') =>
  market.history(id).map(({ from, to, model }) => [(from - START) / DAY, (to - START) / DAY, String(model.pricing.prompt)]);

describe('reports about the past', () => {
  test('a price that changes and changes back, a model that leaves and returns', async () => {
    const market = await marketIn(tempFolder());
    const days = [[priced('1'), OTHER], [priced('2')], [priced('2')], [priced('1'), OTHER], [OTHER], [priced('1'), OTHER]];
    const news = days.map((models, day) => market.record(models, START + day * DAY));
    expect(news).toEqual([true, true, false, true, true, true]);
    expect(pricesOf(market)).toEqual([
      [0, 1, '1'],
      [1, 3, '2'],
      [3, 3, '1'],
      [5, 5, '1'],
    ]);
    expect(pricesOf(market, 'b/two').map(([from, to]) => [from, to])).toEqual([
      [0, 0],
      [3, 5],
    ]);
    expect(market.moments().map(({ at, until, models }) => [(at - START) / DAY, (until - START) / DAY, models])).toEqual([
      [0, 0, 2],
      [1, 2, 1],
      [3, 3, 2],
      [4, 4, 1],
      [5, 5, 2],
    ]);
    expect(market.history('never/there')).toEqual([]);
  });

  test('a time gets the latest snapshot at or before it', async () => {
    const market = await marketIn(tempFolder());
    expect(market.at(START)).toBeUndefined();
    market.record([priced('1'), OTHER], START);
    market.record([priced('1'), OTHER], START + 2 * DAY);
    market.record([priced('2')], START + 4 * DAY);
    const at = (day: number) => {
      const match = market.at(START + day * DAY);
      return match && [(match.at - START) / DAY, ids(match.models), String(match.models[0]!.pricing.prompt)];
    };
    expect(at(-0.001)).toBeUndefined();
    expect(at(1)).toEqual([1, ['a/one', 'b/two'], '1']);
    expect(at(3)).toEqual([2, ['a/one', 'b/two'], '1']);
    expect(at(9)).toEqual([4, ['a/one'], '2']);
  });

  test('a model is returned as its original wire object', async () => {
    const market = await marketIn(tempFolder());
    const model = makeModel(
      'a/one',
      { in: '0.0000000833333333333333' },
      { brand_new: { __proto__x: [1.5, null, '\u001b[2J漢'] } },
    );
    market.record([model], START);
    expect(market.history('a/one')[0]!.model).toEqual(model);
  });

  test('each API has its own', async () => {
    const folder = tempFolder();
    const [first, second] = [await marketIn(folder), await marketIn(folder, 'http://127.0.0.1:1/v1')];
    first.record([priced('1')], START);
    second.record([OTHER], START);
    expect([ids(first.at(START)?.models), ids(second.at(START)?.models)]).toEqual([['a/one'], ['b/two']]);
    expect(second.history('a/one')).toEqual([]);
  });

  test('any history of three models is returned unchanged', async () => {
    const catalogue = fc.record({ a: fc.integer({ min: 0, max: 2 }), b: fc.integer({ min: 0, max: 2 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(catalogue, { minLength: 1, maxLength: 12 }), async (days) => {
        const market = await openMarket({ folder: tempFolder(), source: 's', decode: decodeModel });
        // 0: not listed.
        const listed = days.map(({ a, b }) => [
          ...(a === 0 ? [] : [makeModel('a/a', { in: String(a) })]),
          ...(b === 0 ? [] : [makeModel('b/b', { in: String(b) })]),
          OTHER,
        ]);
        listed.forEach((models, day) => market.record(models, START + day * DAY));
        listed.forEach((models, day) => expect(market.at(START + day * DAY)!.models).toEqual(models));
        for (const id of ['a/a', 'b/b']) {
          const history = market.history(id);
          listed.forEach((models, day) => {
            const moment = START + day * DAY;
            const latest = history.findLast(({ from }) => from <= moment);
            const told = latest !== undefined && moment <= latest.to ? [latest.model] : [];
            expect(told).toEqual(models.filter((model) => model.id === id));
          });
        }
        market.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('changes without a row', () => {
  test('the same catalogue again, in another order of models, keys and words, with public votes', async () => {
    const market = await marketIn(tempFolder());
    const more = { supported_parameters: ['tools', 'seed'], hugging_face_id: null };
    market.record([makeModel('a/one', {}, more), OTHER], START);
    const { wire } = makeModel(
      'a/one',
      {},
      { supported_parameters: ['seed', 'tools'], benchmarks: { design_arena: [{ elo: 7 }] } },
    );
    const turned = Object.fromEntries(Object.entries(wire as object).toReversed());
    expect(market.record([OTHER, decodeModel(turned)!], START + DAY)).toBe(false);
    expect(market.moments()).toEqual([{ at: START, until: START + DAY, models: 2 }]);
    expect(market.history('a/one')).toHaveLength(1);
  });

  test('an unchanged catalogue within the hour; a change is recorded immediately', async () => {
    const market = await marketIn(tempFolder());
    market.record([priced('1')], START);
    market.record([priced('1')], START + HOUR - 1);
    expect(market.moments()).toEqual([{ at: START, until: START, models: 1 }]);
    expect(market.record([priced('2')], START + HOUR - 1)).toBe(true);
  });

  test('an empty catalogue, and one from before the latest', async () => {
    const market = await marketIn(tempFolder());
    market.record([priced('1')], START);
    expect([market.record([], START + DAY), market.record([OTHER], START - HOUR)]).toEqual([false, false]);
    expect(market.moments()).toHaveLength(1);
  });

  test.each([
    [{ a: 1, b: [2, { c: 'x' }] }, { b: [2, { c: 'x' }], a: 1 }, true],
    [{ a: null, b: {} }, {}, true],
    [['b', 'a'], ['a', 'b'], true],
    [[1, 2], [2, 1], false],
    [{ a: '1' }, { a: 1 }, false],
    [{ a: false }, {}, false],
    [JSON.parse('{"__proto__":1}'), {}, false],
  ])('%j and %j: the same, %s', (one, other, isSame) => {
    expect(catalogueFingerprint(one) === catalogueFingerprint(other)).toBe(isSame);
  });
});

test('100 models recorded 300 times stay small', async () => {
  const market = await marketIn(tempFolder());
  const models = Array.from({ length: 100 }, (_, index) =>
    makeModel(`author/model-${index}`, {}, { description: 'x'.repeat(400) }),
  );
  market.record(models, START);
  const once = market.bytes();
  for (let day = 1; day < 300; day += 1) {
    const changed = makeModel(`author/model-${day % 100}`, { in: String(day) });
    market.record(day % 10 === 0 ? [...models.filter(({ id }) => id !== changed.id), changed] : models, START + day * DAY);
  }
  // Every tenth day one model is more expensive for a day.
  expect(market.moments()).toHaveLength(1 + 2 * 29);
  expect(market.bytes()).toBeLessThan(4 * once + 5_000_000);
});

describe('a wrong clock', () => {
  test('records for a future time are removed, and the present is recorded again', async () => {
    const market = await marketIn(tempFolder());
    market.record([priced('1'), OTHER], START);
    market.record([priced('1'), OTHER], START + DAY);
    market.record([priced('2')], START + 900 * DAY);
    expect(market.record([priced('3'), OTHER], START + 2 * DAY)).toBe(true);
    expect(pricesOf(market)).toEqual([
      [0, 2, '1'],
      [2, 2, '3'],
    ]);
    expect(pricesOf(market, 'b/two').map(([from, to]) => [from, to])).toEqual([[0, 2]]);
  });
});

describe('pruning', () => {
  test('deletes what was last seen before the time, and nothing else', async () => {
    const market = await marketIn(tempFolder());
    market.record([priced('1'), OTHER], START);
    market.record([priced('2'), OTHER], START + DAY);
    market.record([priced('3'), OTHER], START + 2 * DAY);
    expect(market.prune(START + DAY)).toBe(1);
    expect(market.prune(START + DAY)).toBe(0);
    expect(pricesOf(market).map(([, , price]) => price)).toEqual(['2', '3']);
    expect(ids(market.at(START + DAY)?.models)).toEqual(['a/one', 'b/two']);
    expect(market.prune(START + 99 * DAY)).toBe(2);
    expect([market.moments(), market.history('b/two')]).toEqual([[], []]);
    expect(market.record([priced('3')], START + 100 * DAY)).toBe(true);
  });

  test('storing a catalogue deletes those of more than a year ago, and tolerates a failing disk', async () => {
    const market = await marketIn(tempFolder());
    market.record([priced('1')], START);
    await keepCatalogue(Promise.resolve(market), [priced('2')], START + 364 * DAY);
    expect(market.moments()).toHaveLength(2);
    await keepCatalogue(Promise.resolve(market), [priced('3')], START + 366 * DAY);
    expect(pricesOf(market).map(([, , price]) => price)).toEqual(['2', '3']);
    await keepCatalogue(Promise.reject(new Error('no space left on device')), [OTHER], START);
  });
});

describe('the file', () => {
  test('is private, and reports its size', async () => {
    const folder = join(tempFolder(), 'data');
    const market = await marketIn(folder);
    market.record([OTHER], START);
    expect([statSync(folder).mode & 0o777, statSync(market.path).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(market.bytes()).toBeGreaterThan(4096);
  });

  test('that is not a database is left unchanged, and named', async () => {
    const folder = tempFolder();
    const path = join(folder, 'market.sqlite');
    writeFileSync(path, 'no database at all '.repeat(100));
    await expect(marketIn(folder)).rejects.toMatchObject({ code: 'market-unreadable', message: expect.stringContaining(path) });
    expect([readFileSync(path, 'utf8').slice(0, 11), readdirSync(folder)]).toEqual(['no database', ['market.sqlite']]);
  });

  test('with any damaged page returns the readable part', async () => {
    const folder = tempFolder();
    const market = await marketIn(folder);
    for (let day = 0; day < 60; day += 1) {
      market.record(
        [priced(String(day)), makeModel('b/two', {}, { description: `${'long '.repeat(1500)}${day % 7}` })],
        START + day * DAY,
      );
    }
    const whole = market.moments().length;
    market.close();
    const database = new Libsql(market.path);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const bytes = readFileSync(market.path);
    for (let page = 0; page < bytes.length / 4096; page += 3) {
      const damaged = Buffer.from(bytes);
      damaged.fill(0x9d, page * 4096 + 5, page * 4096 + 600);
      const other = tempFolder();
      writeFileSync(join(other, 'market.sqlite'), damaged);
      const match = await openMarket(
        { folder: other, source: 'https://api.example/v1', decode: decodeModel },
        { isThorough: true },
      );
      onTestFinished(() => match.close());
      expect([page, match.notices]).toEqual([page, [expect.stringContaining('damaged')]]);
      const [moments, prices] = [match.moments(), match.history('a/one')];
      // Snapshots and listings take a page or two each.
      expect([page, match.isIncomplete || (moments.length === whole && prices.length === whole)]).toEqual([page, true]);
      for (const { models } of moments) expect(models).toBe(2);
      expect(match.record([OTHER], START + 99 * DAY)).toBe(true);
    }
  });

  test('several processes at once record each catalogue once', async () => {
    const folder = tempFolder();
    const script = join(folder, 'record.mjs');
    await build({
      stdin: {
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
        contents: `
          import { openMarket } from '../../../src/storage/market/open-market.ts';
          const market = await openMarket({ folder: process.argv[2], source: 's', decode: (wire) => ({ id: wire.id, wire }) });
          for (let round = 0; round < 25; round += 1) {
            const models = Array.from({ length: 20 }, (_, index) => ({ id: 'a/' + index, wire: { id: 'a/' + index, round } }));
            market.record(models, ${START} + round * ${DAY});
          }
          market.close();`,
      },
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'node',
      plugins: [
        {
          name: 'libsql-where-it-is',
          setup: ({ onResolve }) =>
            onResolve({ filter: /^libsql$/ }, () => ({
              path: createRequire(import.meta.url).resolve('libsql'),
              external: true,
            })),
        },
      ],
    });
    const run = () => promisify(execFile)(process.execPath, [script, folder]);
    await Promise.all([run(), run(), run()]);
    const market = await marketIn(folder, 's');
    const moments = market.moments();
    expect(moments.map(({ models }) => models)).toEqual(moments.map(() => 20));
    expect(moments.at(-1)!.at).toBe(START + 24 * DAY);
    for (const { at } of moments) expect(market.at(at)!.models).toHaveLength(20);
    expect(market.history('a/0').map(({ from }) => from)).toEqual(moments.map(({ at }) => at));
  });
});
