import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../../src/apis/catalogue.ts';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { rankLanes } from '../../../src/core/compare/ranking.ts';
import type { Lane } from '../../../src/core/compare/state.ts';
import { diffCatalogues } from '../../../src/core/models/diff-catalogues.ts';
import { ActivityLog } from '../../../src/core/serve/activity.ts';
import { usageReport } from '../../../src/core/usage/usage-report.ts';
import { configureVendor } from '../../../src/core/vendors/resolve-vendor.ts';
import { decimal } from '../../../src/decimal.ts';
import { rankingTable } from '../../../src/output/compare/ranking-table.ts';
import { conversationsTable } from '../../../src/output/history/conversations-table.ts';
import { budgetTable } from '../../../src/output/ledger/budget-table.ts';
import { diffTable } from '../../../src/output/models/diff-table.ts';
import { endpointsTable } from '../../../src/output/models/endpoints-table.ts';
import { modelsTable } from '../../../src/output/models/table.ts';
import { priceChart } from '../../../src/output/price/chart.ts';
import { priceTable } from '../../../src/output/price/table.ts';
import { clientKeysTable } from '../../../src/output/serve/client-keys.ts';
import { targetsTable } from '../../../src/output/serve/targets-table.ts';
import { cutNames } from '../../../src/output/table/cut-names.ts';
import { fitTable } from '../../../src/output/table/fit.ts';
import { plainTable } from '../../../src/output/table/plain.ts';
import type { Table, TableLine } from '../../../src/output/table/table.ts';
import { costTable } from '../../../src/output/usage/cost-table.ts';
import { usageTable } from '../../../src/output/usage/table.ts';
import { whatIfTable } from '../../../src/output/usage/what-if.ts';
import { vendorsTable } from '../../../src/output/vendors/table.ts';
import { makeModel } from '../../support/catalogue.ts';
import { makeEntry, reportOf } from '../../support/ledger-report.ts';
import { makeEndpoint, quoteAll } from '../../support/quotes.ts';
import { servedRequest } from '../../support/served-request.ts';

const WIDTHS = [40, 60, 80, 120, 200];
/** Long names: of one family, of one slug, and of a vendor. */
const IDS = [
  'cognitivecomputations/dolphin-mistral-24b-venice-edition:free',
  'cognitivecomputations/dolphin-mistral-24b-venice-edition',
  'anthropic/claude-sonnet-4.6',
  'anthropic/claude-sonnet-4.5',
  'a-reseller/claude-sonnet-4.5',
  'together:meta-llama/Llama-3.3-70B-Instruct-Turbo',
];
const NOW = Date.parse('2026-11-24T15:30:00Z');

const priceOf = (index: number): string => `0.0000${index + 1}23`;
/** Returns a price per million as it is shown. */
const perMillion = (index: number): string => `${index + 1}2.30`;
const MODELS = IDS.map((id, index) => makeModel(id, { in: priceOf(index), out: priceOf(index) }));
const ENDPOINTS = ['deep-infra-with-a-long-name/fp8', 'deep-infra-with-a-long-name/bf16'].map((tag, index) =>
  makeEndpoint(tag, { prompt: priceOf(index), completion: priceOf(index) }, { provider_name: 'Deep Infra With A Long Name' }),
);
const ENTRIES = IDS.map((servedModel, index) =>
  makeEntry(NOW, { servedModel, cost: `${index + 1}.25`, provider: 'A Provider', errorKind: undefined }),
);
const LANES = IDS.map((model, index): Lane => ({
  model,
  lane: index,
  varied: [],
  state: 'done',
  startedAt: 0,
  receivedBytes: 0,
  answer: {
    ...EMPTY_ANSWER,
    id: 'gen',
    model,
    text: 'yes',
    usage: { promptTokens: 12, completionTokens: 340, totalTokens: 352, cost: `${index + 1}.25`, wire: {} },
    metrics: { timeToFirstTokenMs: 410, durationMs: 4000, throughput: 83 },
  },
}));

function usage(): Table {
  const report = usageReport(reportOf(ENTRIES, 'model'), 'model');
  const order = new Map(IDS.map((id, index) => [id, index]));
  const rows = report.rows.toSorted((one, other) => order.get(one.group)! - order.get(other.group)!);
  return usageTable(rows, { by: 'model', isDrawn: true });
}

function activity(): Table {
  const log = new ActivityLog(() => NOW);
  for (const [index, target] of IDS.entries()) {
    // The models with the most requests come first.
    for (let count = 0; count < IDS.length - index; count += 1) {
      log.begin();
      log.end(servedRequest({ target, usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost: '0', wire: {} } }));
    }
    log.begin();
    log.end(
      servedRequest({
        target,
        usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost: `${index + 1}.25`, wire: {} },
      }),
    );
  }
  return targetsTable(log.activity());
}

const BUDGETS = IDS.map((model, index) => ({
  budget: { id: index + 1, period: 'month' as const, limit: `${index + 1}.25`, model, warnAt: 0.8 },
  span: { start: NOW, end: NOW },
  spent: '0.5',
  upstreamSpent: '0',
  reserved: '0',
  reservedByOthers: '0',
  reservations: 0,
  left: '1',
}));

/** A table, the names of its rows, and the price or cost in each. */
interface Shown {
  table: () => Table;
  names: readonly string[];
  money: (index: number) => string;
  /** The column of names may be dropped. */
  isOptional?: boolean;
}

const cost = (index: number): string => `$${index + 1}.25`;
const TABLES: Readonly<Record<string, Shown>> = {
  models: { table: () => modelsTable(MODELS, { short: true }), names: IDS, money: perMillion },
  'models by value': {
    table: () => modelsTable(MODELS, { short: true, added: ['blend', 'intelligence', 'value'] }),
    names: IDS,
    money: perMillion,
  },
  'models with columns of the user': {
    table: () => modelsTable(MODELS, { short: true, columns: ['model', 'context', 'created', 'in', 'out', 'parameters'] }),
    names: IDS,
    money: perMillion,
  },
  'new models': {
    table: () => diffTable(diffCatalogues([], MODELS, NOW), { short: true }),
    names: IDS.toSorted(),
    money: (index) => perMillion(IDS.indexOf(IDS.toSorted()[index]!)),
  },
  'models with other prices': {
    table: () => diffTable(diffCatalogues(MODELS.slice(0, 3).map(cheaper), MODELS.slice(0, 3), NOW), { short: true }),
    // An input price and an output price each.
    names: IDS.slice(0, 3)
      .toSorted()
      .flatMap((id) => [id, id]),
    money: (index) => perMillion(IDS.indexOf(IDS.slice(0, 3).toSorted()[Math.floor(index / 2)]!)),
  },
  endpoints: {
    table: () =>
      endpointsTable(
        ENDPOINTS.map((endpoint) => ({ endpoint, keepsNothing: false })),
        { short: true },
      ),
    names: ENDPOINTS.map(({ tag }) => tag),
    money: perMillion,
  },
  price: {
    table: () => priceTable(quotes(), { short: true }),
    names: IDS,
    money: (index) => `$0.0${index + 1}`,
  },
  'price of a month': {
    table: () => priceTable(quotes(), { short: true, requests: 1000 }),
    names: IDS,
    money: (index) => `$${index + 1}`,
  },
  'price at endpoints': {
    table: () => priceTable(quotes(true), { short: true }),
    names: IDS.slice(0, 2).toSorted(),
    money: () => '$0.0',
  },
  usage: { table: usage, names: IDS, money: cost },
  cost: { table: () => costTable(ENTRIES), names: IDS, money: cost },
  'what if': {
    table: () =>
      whatIfTable({
        cost: decimal(9),
        upstreamCost: decimal(0),
        requests: 3,
        rows: IDS.map((id, index) => ({
          id,
          repriced: { kind: 'amount', cost: decimal(`${index + 1}.25`) },
          difference: decimal('0.5'),
          share: 0.1,
          hasHistory: false,
        })),
      }),
    names: IDS,
    money: cost,
  },
  targets: { table: activity, names: IDS, money: cost },
  budgets: { table: () => budgetTable(BUDGETS, { bars: true }), names: IDS, money: cost },
  history: {
    table: () =>
      conversationsTable(
        IDS.map((model, index) => ({
          id: `01k9abcdef${index}`,
          title: 'A long title of a conversation, as long as titles of conversations get to be',
          model,
          createdAt: NOW,
          updatedAt: NOW,
          project: '/work',
          profile: 'default',
          messages: 4,
          cost: `${index + 1}.25`,
        })),
        { now: NOW, forTerminal: true },
      ),
    names: IDS,
    money: cost,
    isOptional: true,
  },
  keys: {
    table: () =>
      clientKeysTable(
        IDS.map((name, index) => ({
          key: { name, ending: 'abcd', createdAt: NOW, models: IDS, tags: ['team'], hash: 'x' } as never,
          spent: { total: `${index + 1}.25`, day: '0', week: '0', month: '0' },
          budgets: [],
          fallbacks: [],
        })),
        NOW,
      ),
    names: IDS,
    money: cost,
  },
};

function cheaper(model: Model): Model {
  return { ...model, pricing: { ...model.pricing, prompt: decimal('0.000001'), completion: decimal('0.000001') } };
}

function quotes(isRange = false) {
  const models = isRange ? MODELS.slice(0, 2) : MODELS;
  return quoteAll(models, { promptTokens: 1000, completionTokens: 0 }, isRange ? { endpoints: () => ENDPOINTS } : {});
}

const textOf = (lines: readonly TableLine[]): string[] => lines.map((line) => line.map(({ text }) => text).join(''));
/** Returns what is left of the names: everything before the money in a row. */
const beforeMoney = (row: string, money: string): string => row.slice(0, row.indexOf(money)).trim();

describe.each(Object.entries(TABLES))('the table of %s', (_, { table, names, money, isOptional = false }) => {
  test.each(WIDTHS)('at %i columns shows every price next to a name that no other row has', (columns) => {
    const [, ...rows] = textOf(fitTable(table(), columns));
    expect(rows).toHaveLength(names.length);
    const shown = rows.map((row, index) => {
      expect(stringWidth(row)).toBeLessThan(columns);
      expect(row).toContain(money(index));
      return beforeMoney(row, money(index));
    });
    // Rows with the same text before the price have the same name.
    expect(new Set(shown).size).toBeGreaterThanOrEqual(isOptional ? 1 : new Set(names).size);
    const isRoomy = columns >= 120;
    expect(rows.every((row, index) => !isRoomy || isOptional || row.includes(names[index]!))).toBe(true);
  });

  test('in a pipe has complete names', () => {
    const rows = plainTable(table()).split('\n').slice(1);
    for (const [index, name] of names.entries()) expect(rows[index]).toContain(name);
  });
});

test.each(WIDTHS)('the ranking of a comparison at %i columns shows every cost next to its model', (columns) => {
  const [, ...rows] = rankingTable(rankLanes({ startedAt: 0, lanes: LANES }, 'cost'), columns)
    .trimEnd()
    .split('\n');
  const shown = rows.map((row, index) => {
    expect(stringWidth(row)).toBeLessThan(columns);
    expect(row).toContain(cost(index));
    return row.trim().split(/ +/)[1]!;
  });
  expect(new Set(shown).size).toBe(IDS.length);
  expect(columns < 120 || shown.every((name, index) => name === IDS[index])).toBe(true);
});

test.each(WIDTHS)('price bars at %i columns are next to name and cost', (columns) => {
  const lines = textOf(priceChart(quotes(), { axis: 'context' }, columns)).slice(0, IDS.length);
  for (const [index, line] of lines.entries()) {
    expect(stringWidth(line)).toBeLessThan(columns);
    expect(line).toContain(`$0.0${index + 1}`);
  }
  expect(new Set(lines.map((line) => line.trim().split(/ +/)[0])).size).toBe(IDS.length);
});

test('a vendor with a long default model has the complete name in a pipe', () => {
  const vendor = configureVendor('ollama', new Map(), {})!;
  const defaultModel = `hf.co/${'long-'.repeat(12)}model`;
  const table = vendorsTable([{ vendor: { ...vendor, defaultModel }, state: 'running', models: 3 }]);
  expect(plainTable(table)).toContain(defaultModel);
  for (const columns of WIDTHS)
    for (const line of textOf(fitTable(table, columns))) expect(stringWidth(line)).toBeLessThan(columns);
});

describe('cutNames', () => {
  test('drops the author first, then the middle of the slug', () => {
    const ids = ['anthropic/claude-sonnet-4.6', 'openai/gpt-4o'];
    expect(cutNames(ids, 27, 'model')).toEqual(ids);
    expect(cutNames(ids, 26, 'model')).toEqual(['claude-sonnet-4.6', 'openai/gpt-4o']);
    expect(cutNames(ids, 12, 'model')).toEqual(['claude…t-4.6', 'gpt-4o']);
    expect(cutNames(['together:meta-llama/Llama-3.3-70B'], 28, 'model')).toEqual(['together:Llama-3.3-70B']);
  });

  test('keeps the authors of one slug, and the differences within one family', () => {
    expect(cutNames(['one/claude-sonnet-4.5', 'other/claude-sonnet-4.5'], 17, 'model')).toEqual([
      'one/clau…nnet-4.5',
      'other/cl…nnet-4.5',
    ]);
    const family = [
      'x/a-very-long-family-name-1-of-the-same-model-with-an-end',
      'x/a-very-long-family-name-2-of-the-same-model-with-an-end',
    ];
    const cut = cutNames(family, 20, 'model');
    expect(new Set(cut).size).toBe(2);
    for (const text of cut) expect(stringWidth(text)).toBeLessThanOrEqual(20);
  });

  test('an identifier other than a model id loses its middle; wide letters are counted', () => {
    expect(cutNames(['deepinfra/turbo/fp8'], 13, 'name')).toEqual(['deepin…bo/fp8']);
    expect(cutNames(['空が青いのは短い波長'], 9, 'name').map((text) => stringWidth(text))).toEqual([9]);
  });
});
