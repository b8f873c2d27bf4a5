import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/commands/context.ts';
import { runAdvise } from '../../../src/commands/usage/advise.ts';
import type { UsageOptions } from '../../../src/commands/usage/options.ts';
import { parseCommand } from '../../support/parse-command.ts';
import { runWhatIf } from '../../../src/commands/usage/what-if.ts';
import type { Settings } from '../../../src/core/settings/settings.ts';
import { OrxError } from '../../../src/errors.ts';
import type { Catalogue, EndpointList, Model } from '../../../src/apis/catalogue.ts';
import type { ModelSpan } from '../../../src/storage/market/market.ts';
import { makeModel } from '../../support/catalogue.ts';
import { testLedger } from '../../support/ledger.ts';
import { makeEntry } from '../../support/ledger-report.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T15:30:00Z');
const SETTINGS = { sandbox: false } as Settings;

/** Returns the context of a command without a process: streams in memory, a clock that stands still, the given catalogue and history. */
function contextOf(models: readonly Model[], history: readonly ModelSpan[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const given = {
    terminal: { streams: { stdin: {}, stdout, stderr }, isScreenReader: false },
    env: {},
    clock: { now: () => NOW },
    lifetime: { interrupt: new AbortController().signal },
    apis: {
      for: () => ({
        readCatalogue: () => Promise.resolve({ catalogue: { models, body: '' } satisfies Catalogue, ageMs: 0 }),
        readEndpoints: (): Promise<{ catalogue: EndpointList; ageMs: number }> =>
          Promise.reject(new OrxError('no network', { kind: 'network' })),
      }),
    },
    stores: {
      for: () => ({
        openMarket: () => Promise.resolve({ history: (id: string) => history.filter(({ model }) => model.id === id) }),
      }),
    },
  };
  const text = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return { context: given as unknown as Context, stdout: () => text(stdout), stderr: () => text(stderr) };
}

const usage = async (...args: string[]): Promise<UsageOptions> =>
  (await parseCommand(['usage', ...args], { now: NOW })) as UsageOptions;

describe('what if', () => {
  it('uses past prices where they are known, and says where they are not', async () => {
    const at = (prompt: string) => makeModel('a/target', { in: prompt, out: '0' });
    const history = [
      { from: NOW - 15 * DAY, to: NOW - 10 * DAY, model: at('0.000003') },
      { from: NOW - 5 * DAY, to: NOW, model: at('0.000001') },
    ];
    const { context, stdout } = contextOf([at('0.00001'), makeModel('b/new', { in: '0.000002', out: '0' })], history);
    const ledger = await testLedger();
    ledger.import([20, 12, 3].map((days) => makeEntry(NOW - days * DAY, { promptTokens: 1_000_000, cost: '2' })));
    const run = async (prices: string) =>
      runWhatIf(await usage('--what-if', 'a/target,b/new', '--prices', prices), { settings: SETTINGS, ledger, context });
    await run('then');
    const then = stdout();
    expect(then).toMatch(/^last 30 days: \$6\.00 for 3 requests; the same tokens at the prices of that time\n/);
    expect(then).toMatch(/^a\/target +\$7\.00 +\+\$1\.00 +\+17$/m);
    expect(then).toMatch(/^prices of a\/target are known since 2026-11-\d\d: older requests use the earliest prices$/m);
    expect(then).toMatch(/^no past prices of b\/new are known: today's are used$/m);
    await run('today');
    expect(stdout()).toMatch(/^a\/target +\$30\.00 +\+\$24\.00 +\+400$/m);
  });
});

describe('advice', () => {
  it('lists models whose providers could not be fetched', async () => {
    const { context, stdout, stderr } = contextOf([makeModel('a/target')], []);
    const ledger = await testLedger();
    ledger.import([makeEntry(NOW, { servedModel: 'a/target', promptTokens: 10, cost: '0.0000027' })]);
    await runAdvise(await usage('--advise'), { settings: SETTINGS, ledger, context });
    expect(stderr()).toBe('');
    expect(stdout()).toMatch(/\nfound nothing cheaper\nthe providers of a\/target could not be loaded and are left out\n/);
  });
});
