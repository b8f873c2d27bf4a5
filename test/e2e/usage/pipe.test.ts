import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { makeEntry } from '../../support/ledger-report.ts';
import { runOrx, type RunOptions } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { homeWithUsage, someUsage } from '../../support/usage-home.ts';

const DAY = 86_400_000;
const NOW = Date.now();
const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

const usage = (home: string, args: readonly string[], options: RunOptions = {}) =>
  runOrx(['--sandbox', 'usage', ...args], { home, ...options });

/** One entry of each kind, all of today. */
const FEW: LedgerEntry[] = [
  makeEntry(NOW - 1000, {
    servedModel: 'a/one',
    provider: 'P',
    cost: '0.000000000001',
    promptTokens: 10,
    cachedTokens: 5,
    tags: ['red'],
  }),
  makeEntry(NOW - 1000, {
    servedModel: 'b/two',
    provider: 'Q',
    cost: '2',
    command: 'compare',
    profile: 'work',
    project: '/w',
    vendor: 'anthropic',
    clientKey: 'laptop',
    tags: ['blue', 'red'],
  }),
  makeEntry(NOW - 1000, { servedModel: 'b/two', provider: 'Q', outcome: 'failed', costSource: 'unknown' }),
  makeEntry(NOW - 40 * DAY, { servedModel: 'a/one', provider: 'P', cost: '1' }),
];

describe('orx usage in a pipe', () => {
  test('is a plain report on stdout, without escape codes even if color is forced', async () => {
    const home = await homeWithUsage(someUsage(NOW), {
      budgets: [
        { period: 'month', limit: '20', warnAt: 0.8 },
        { period: 'request', limit: '0.5', warnAt: 0.8, model: 'anthropic/*' },
      ],
    });
    const { code, stdout, stderr } = await usage(home, [], { env: { FORCE_COLOR: '3' } });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toMatch(ACTIVE);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^SANDBOX · last 30 days, by model: \$0\.382 · 120 requests · 94\.9% ok · 2 stopped$/);
    expect(lines[1]).toMatch(/^cost by day {6}[.▁▂▃▄▅▆▇█]{30} {6}highest \$0\.0\d+ on \d\d-\d\d$/);
    expect(lines[2]).toMatch(
      /^model +requests +ok % +stopped +p50 s +p95 s +first p50 +first p95 +tok\/s +in +out +cached % +reasoning +cost$/,
    );
    expect(lines.slice(3, 7).map((line) => line.split(/ {2,}/))).toEqual([
      [
        'anthropic/claude-sonnet-4.6',
        '40',
        '95.0',
        '–',
        '3.00',
        '4.50',
        '0.45',
        '0.60',
        '70',
        '197.0k',
        '12.0k',
        '25.0',
        '–',
        '$0.190',
      ],
      ['openai/gpt-4o-mini', '40', '94.7', '2', '3.00', '4.50', '0.45', '0.60', '90', '201.0k', '12.0k', '25.0', '–', '$0.128'],
      [
        'deepseek/deepseek-chat',
        '40',
        '95.0',
        '–',
        '3.00',
        '4.50',
        '0.45',
        '0.60',
        '60',
        '199.0k',
        '12.0k',
        '25.0',
        '–',
        '$0.0638',
      ],
      ['total', '120', '94.9', '2', '3.00', '4.50', '0.45', '0.60', '70', '597.0k', '36.0k', '25.0', '–', '$0.382'],
    ]);
    expect(lines[7]).toBe('cost comes from: billed or looked up for 117 · estimated for 3');
    expect(lines[8]).toMatch(/^budget \$20 a month: \d% used$/);
    expect(lines[9]).toBe('budget $0.5 a request, anthropic/*');
    expect(lines).toHaveLength(10);
  });

  test.each([
    [
      ['--by', 'provider'],
      ['Q', 'P'],
    ],
    [
      ['--by', 'command'],
      ['compare', 'chat'],
    ],
    [
      ['--by', 'profile'],
      ['work', 'default'],
    ],
    [
      ['--by', 'project'],
      ['/w', '/srv/ada/work'],
    ],
    [
      ['--since', 'all'],
      ['b/two', 'a/one'],
    ],
    [['--since', 'all', '--until', '30d'], ['a/one']],
    [['--model', 'a/*'], ['a/one']],
    [['--provider', 'Q'], ['b/two']],
    [['--command', 'compare'], ['b/two']],
    [['--profile', 'work'], ['b/two']],
    [
      ['--by', 'vendor'],
      ['anthropic', 'openrouter'],
    ],
    [
      ['--by', 'key'],
      ['laptop', ''],
    ],
    [
      ['--by', 'tag'],
      ['red', 'blue', ''],
    ],
    [['--vendor', 'anthropic'], ['b/two']],
    [['--key', 'laptop'], ['b/two']],
    [
      ['--tag', 'red'],
      ['b/two', 'a/one'],
    ],
    [['--limit', '1'], ['b/two']],
  ])('%j prints rows %j', async (args, groups) => {
    const home = await homeWithUsage(FEW);
    const { code, stdout } = await usage(home, ['--json', ...args]);
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report.rows.map(({ group }: { group: string }) => group)).toEqual(groups);
  });

  test('an entry counts under each of its tags, and once in the total', async () => {
    const home = await homeWithUsage(FEW);
    const report = JSON.parse((await usage(home, ['--json', '--by', 'tag'])).stdout);
    const requests = report.rows.map((row: { group: string; requests: number }) => [row.group, row.requests]);
    expect(requests).toEqual([
      ['red', 2],
      ['blue', 1],
      ['', 1],
    ]);
    expect(report.total).toMatchObject({ requests: 3, cost: '2.000000000001' });
  });

  test('--json is exact, with null for unknown values', async () => {
    const home = await homeWithUsage(FEW, { budgets: [{ period: 'day', limit: '3', warnAt: 0.5 }] });
    const report = JSON.parse((await usage(home, ['--json', '--since', 'today'])).stdout);
    expect(report).toMatchObject({
      period: { label: 'today', until: null },
      by: 'model',
      total: { requests: 3, complete: 2, failed: 1, cost: '2.000000000001', cost_unknown: 1, cost_estimated: 0 },
      budgets: [{ id: 1, period: 'day', limit: '3', spent: '2.000000000001', model: null }],
      times_error: 0,
    });
    expect(report.rows[1]).toMatchObject({ group: 'a/one', cost: '0.000000000001', cached_share: 0.5, duration_ms: null });
    expect(report.series.unit).toBe('day');
    expect(report.series.points.map(({ cost }: { cost: string }) => cost)).toEqual(['2.000000000001']);
    expect((await usage(home, ['-o', 'json', '--since', 'today'])).stdout).toContain('"cost": "2.000000000001"');
  });

  test('--project . is the working folder', async () => {
    const home = tempFolder();
    mkdirSync(join(home, '.git'));
    await homeWithUsage([...FEW, makeEntry(NOW - 1000, { project: home, cost: '7' })], { home });
    const { stdout } = await usage(home, ['--json', '--project', '.']);
    expect(JSON.parse(stdout).total).toMatchObject({ requests: 1, cost: '7' });
  });

  test('CSV has one row per group, exact and harmless to a spreadsheet; Markdown is escaped', async () => {
    const home = await homeWithUsage([
      makeEntry(NOW, { servedModel: '=HYPERLINK("x"),<b>|', cost: '0.00000001', durationMs: 900 }),
    ]);
    const { stdout } = await usage(home, ['-o', 'csv']);
    expect(stdout.split('\n')[0]).toMatch(
      /^model,requests,complete,stopped,failed,success_rate,.*,cost,.*,duration_ms_p50,duration_ms_p95,/,
    );
    expect(stdout.split('\n')[1]).toMatch(/^"'=HYPERLINK\(""x""\),<b>\|",1,1,0,0,1,.*,0\.00000001,0,0,900,900,,,,0,0$/);
    const markdown = (await usage(home, ['-o', 'markdown'])).stdout;
    expect(markdown).toMatch(
      /^## SANDBOX · Usage: last 30 days, by model\n\n\$0\.0000000100 · 1 request · 100\.0% ok\n\n\| model \|/,
    );
    expect(markdown).toContain(String.raw`| =HYPERLINK("x"),&#60;b&#62;\| | 1 |`);
  });

  test('--out writes a complete file in the format of its extension, and replaces none without --force', async () => {
    const home = await homeWithUsage(FEW);
    const out = join(home, 'report.html');
    const first = await usage(home, ['--out', 'report.html']);
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    writeFileSync(out, 'mine');
    const second = await usage(home, ['--out', 'report.html', '-o', 'csv']);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/^error: report\.html already exists\n.*--force/);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect((await usage(home, ['--out', 'report.html', '-o', 'csv', '--force'])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^model,/);
    const lost = await usage(home, ['--out', 'no/such/folder.json']);
    expect(lost).toMatchObject({ code: 1, stdout: '' });
    expect(lost.stderr).toMatch(/cannot write no\/such\/folder\.json \(the folder does not exist\)/);
    expect(readdirSync(home).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('an empty ledger says what to do, and is an empty report for programs', async () => {
    const home = tempFolder();
    const { code, stdout, stderr } = await usage(home, []);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^no requests recorded yet\n {2}try: orx --sandbox chat "/);
    const json = await usage(home, ['--json']);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ rows: [], total: { requests: 0, cost: '0', success_rate: null } });
    expect((await usage(home, ['-o', 'html'])).stdout).toContain('0 requests');
  });

  test('a period without requests explains how to see others', async () => {
    const home = await homeWithUsage([makeEntry(NOW - 40 * DAY, { cost: '1' })]);
    const { code, stdout, stderr } = await usage(home, []);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SANDBOX · last 30 days, by model: \$0 · 0 requests\n/);
    expect(stderr).toMatch(/--since all/);
  });

  test.each([
    [['--since', 'soon'], /--since must be a time such as/],
    [['--until', '2026-02-30'], /--until must be a time such as/],
    [['--by', 'color'], /--by/],
    [['--limit', '0'], /--limit must be a whole number/],
    [['--watch'], /--watch needs an interactive terminal/],
    [['--what-if', 'a/b', '--advise'], /--what-if and --advise/],
    [['--what-if', ','], /--what-if needs a model/],
    [['--prices', 'then'], /--prices .*--what-if/],
    [['--force'], /--force .*--out/],
    [['-o', 'pdf'], /table, json, csv, markdown, html/],
  ])('%j is an error', async (args, message) => {
    const { code, stdout, stderr } = await usage(tempFolder(), args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('orx usage --what-if in a pipe', () => {
  const home = () => homeWithUsage([makeEntry(NOW, { promptTokens: 1_000_000, completionTokens: 100_000, cost: '2' })]);

  test('prices past requests on other models', async () => {
    const { code, stdout, stderr } = await usage(await home(), [
      '--what-if',
      'deepseek/deepseek-chat,gpt-4o-mini,openrouter/auto',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe("SANDBOX · last 30 days: $2.00 for 1 request; the same tokens at today's prices");
    expect(lines[1]).toMatch(/^model +had cost +difference +%$/);
    expect(lines[3]).toMatch(/^openai\/gpt-4o-mini +\$0\.210 +-\$1\.79 +-90$/);
    expect(lines[4]).toMatch(/^openrouter\/auto +varies +– +–$/);
    expect(lines[5]).toMatch(/^as if each model had taken the same tokens/);
  });

  test('is exact in JSON and CSV', async () => {
    const folder = await home();
    const report = JSON.parse((await usage(folder, ['--what-if', 'openai/gpt-4o-mini', '--json'])).stdout);
    expect(report).toMatchObject({ prices: 'today', cost: '2', requests: 1 });
    expect(report.models).toEqual([
      {
        model: 'openai/gpt-4o-mini',
        cost: '0.21',
        priced: 'amount',
        difference: '-1.79',
        share: -0.895,
        prices_known_since: null,
        has_past_prices: false,
      },
    ]);
    expect((await usage(folder, ['--what-if', 'openai/gpt-4o-mini', '-o', 'csv'])).stdout).toBe(
      'model,cost,priced,difference,share,prices_known_since,has_past_prices\nopenai/gpt-4o-mini,0.21,amount,-1.79,-0.895,,false\n',
    );
    expect((await usage(folder, ['--what-if', 'openai/gpt-4o-mini', '-o', 'html'])).stdout).toContain(
      '<td class="right">$0.210</td>',
    );
    expect((await usage(folder, ['--what-if', 'openai/gpt-4o-mini', '-o', 'markdown'])).stdout).toContain(
      '| openai/gpt-4o-mini | $0.210 |',
    );
  });

  test('an unknown model is reported, with the nearest name', async () => {
    const { code, stderr } = await usage(await home(), ['--what-if', 'openai/gpt-4o-mimi']);
    expect(code).toBe(6);
    expect(stderr).toMatch(/did you mean openai\/gpt-4o-mini/);
  });
});

describe('orx usage --advise in a pipe', () => {
  test('names the biggest possible savings, with their limits', async () => {
    const { code, stdout, stderr } = await usage(await homeWithUsage(someUsage(NOW)), ['--advise']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^SANDBOX · last 30 days: \$0\.382; what would have saved most\n/);
    expect(stdout).toMatch(
      /\$0\.\d+ {2}anthropic\/claude-sonnet-4\.6 → deepseek\/deepseek-chat\n +50% of spending · 40 requests of yours to it, 95\.0% ok; orx did not compare/,
    );
    expect(stdout).toMatch(/from its cache\n +50% of spending · an upper bound: as if all [\d,]+ tokens/);
    expect(stdout).toMatch(/savings on the same model do not add up\n$/);
    const savings = [...stdout.matchAll(/^ +\$(\d+\.\d+) {2}/gm)].map(([, saving]) => Number(saving));
    expect(savings.length).toBeGreaterThan(2);
    expect(savings).toEqual(savings.toSorted((a, b) => b - a));
  });

  test('is exact in JSON, and says if found nothing cheaper', async () => {
    const folder = await homeWithUsage(someUsage(NOW));
    const report = JSON.parse((await usage(folder, ['--advise', '--json', '--limit', '2'])).stdout);
    expect(report).toMatchObject({ cost: '0.3824', providers_not_asked: [] });
    expect(report.advice).toHaveLength(2);
    expect(report.advice[0]).toMatchObject({ model: 'anthropic/claude-sonnet-4.6', spent_on_model: '0.1902' });
    expect((await usage(folder, ['--advise', '-o', 'csv'])).stdout).toMatch(/^model,kind,to,only,tokens,saving,/);
    const cheap = await homeWithUsage([makeEntry(NOW, { servedModel: 'gone/model', cost: '1', promptTokens: 9 })]);
    expect((await usage(cheap, ['--advise'])).stdout).toContain('found nothing cheaper\n');
  });
});
