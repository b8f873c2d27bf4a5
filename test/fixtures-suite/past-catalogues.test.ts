import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeCatalogue, decodeModel } from '../../src/apis/openrouter/decode-catalogue.ts';
import { openMarket } from '../../src/storage/market/open-market.ts';
import { sendJson, startApiServer } from '../support/api-server.ts';
import { wireModel } from '../support/catalogue.ts';
import { hasRecordings, readRecordings } from '../support/recordings.ts';
import { runOrx } from '../support/run-orx.ts';
import { tempFolder } from '../support/temp-home.ts';

/** The differences between real catalogues as the built orx reports them, compared with a list made without orx. */
const isPresent = hasRecordings('openrouter-models');
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'openrouter-models');
const DATES = ['models-2025-11-07', 'models-2026-05-06', 'models-all-modalities-2026-08-02', 'models-all-modalities-2026-08-05'];

interface Expected {
  before: string;
  after: string;
  counts: { before: number; after: number; added: number; removed: number; pricing_object_differs: number };
  added: string[];
  removed: string[];
  prompt_or_completion_price_changed: { id: string; changes: Record<string, [string | null, string | null] | unknown[]> }[];
}

interface Told {
  from: { models: number };
  to: { models: number };
  added: { id: string }[];
  removed: { id: string }[];
  repriced: { id: string; changes: { price: string; condition: string | null; before: string | null; after: string | null }[] }[];
}

const ids = (models: readonly { id: string }[]): string[] => models.map(({ id }) => id).toSorted();

describe.skipIf(!isPresent)('recorded catalogues', () => {
  const all = isPresent ? (JSON.parse(readFileSync(join(FOLDER, 'DERIVED-diffs.json'), 'utf8')) as Expected[]) : [];
  // One of the lists is of a catalogue that was not recorded.
  const known = all.filter(({ before, after }) => [before, after].every((name) => DATES.includes(name.replace('.json', ''))));

  test('there are lists to compare with', () => {
    expect(known.length).toBeGreaterThanOrEqual(1);
  });

  test.each(known)('$before → $after', async (expected) => {
    const files = [expected.before, expected.after].map((name) => join(FOLDER, name));
    const { code, stdout, stderr } = await runOrx(['models', 'diff', ...files, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = JSON.parse(stdout) as Told;
    expect([told.from.models, told.to.models]).toEqual([expected.counts.before, expected.counts.after]);
    expect([told.added.length, told.removed.length]).toEqual([expected.counts.added, expected.counts.removed]);
    expect(ids(told.added)).toEqual(expected.added.toSorted());
    expect(ids(told.removed)).toEqual(expected.removed.toSorted());
    const isMain = ({ price, condition }: { price: string; condition: string | null }): boolean =>
      condition === null && (price === 'prompt' || price === 'completion');
    const repriced = told.repriced.filter(({ changes }) => changes.some(isMain));
    expect(ids(repriced)).toEqual(ids(expected.prompt_or_completion_price_changed));
    for (const { id, changes } of expected.prompt_or_completion_price_changed) {
      const matches = repriced.find((model) => model.id === id)!.changes.filter(isMain);
      const wanted = Object.entries(changes)
        .filter(([price]) => price === 'prompt' || price === 'completion')
        .map(([price, [before, after]]) => [price, before, after]);
      expect([id, matches.map(({ price, before, after }) => [price, before, after]).toSorted()]).toEqual([id, wanted.toSorted()]);
    }
  });

  test('stored one after the other they are restored exactly, and take little more space than their bodies', async () => {
    const market = await openMarket({ folder: tempFolder(), source: 'recorded', decode: decodeModel });
    const bodies = DATES.map((name) => readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
    const moments = DATES.map((name) => Date.parse(`${name.slice(-10)}T12:00:00Z`));
    bodies.forEach((body, index) => market.record(decodeCatalogue(body).models, moments[index]!));
    bodies.forEach((body, index) => {
      const stored = market.at(moments[index]!)!.models;
      const { models } = decodeCatalogue(body);
      expect(ids(stored)).toEqual(ids(models));
      // Values that change with every vote are stored as they were first.
      const prices = (list: readonly { id: string; pricing: unknown }[]) => new Map(list.map(({ id, pricing }) => [id, pricing]));
      expect(prices(stored)).toEqual(prices(models));
    });
    expect(market.bytes()).toBeLessThan(1.5 * bodies.reduce((sum, body) => sum + body.length, 0));
    market.close();
  });
});

describe.skipIf(!hasRecordings('openrouter-api'))('recorded endpoints', () => {
  const recorded = readRecordings('openrouter-api').filter(({ name }) => name.startsWith('endpoints-'));

  test.each(recorded)('$name: every endpoint is listed, exact, with its prices in the table', async ({ body }) => {
    interface Wire {
      provider_name: string;
      tag: string;
      pricing: Record<string, string>;
      latency_last_30m: { p50: number } | null;
    }
    const { data } = JSON.parse(body.toString()) as { data: { id: string; endpoints: Wire[] } };
    const { url } = await startApiServer((request, response) => {
      if (request.url.endsWith('/zdr')) return sendJson(response, 200, { data: [] });
      return sendJson(response, 200, request.url.endsWith('/endpoints') ? body.toString() : { data: [wireModel(data.id)] });
    });
    const options = { home: tempFolder(), env: { OPENROUTER_BASE_URL: url } };
    const json = await runOrx(['endpoints', data.id, '--json'], options);
    expect(JSON.parse(json.stdout)).toEqual(data.endpoints.map((one) => ({ ...one, zdr: false, measured: null })));
    const { stdout } = await runOrx(['endpoints', data.id], options);
    const rows = new Map(stdout.split('\n').map((line) => [line.split(/ {2,}/)[1], line.split(/ {2,}/)]));
    for (const { provider_name: provider, tag, pricing, latency_last_30m: latency } of data.endpoints) {
      const row = rows.get(tag)!;
      expect(row[0]).toBe(provider);
      // All prices are whole cents per million.
      const perMillion = (price: string): string => (Math.round(Number(price) * 1e8) / 100).toFixed(2);
      expect(row).toEqual(expect.arrayContaining([perMillion(pricing['prompt']!), perMillion(pricing['completion']!)]));
      expect(row).toContain(latency === null ? '–' : (latency.p50 / 1000).toFixed(latency.p50 < 10_000 ? 2 : 1));
    }
  });
});
