import { describe, expect, it } from 'vitest';
import { readUsage } from '../../../src/core/usage/read-usage.ts';
import type { UsageGrouping } from '../../../src/core/usage/usage-report.ts';
import { escapeHtml, htmlPage, tablePage } from '../../../src/output/html/page.ts';
import { usageHtml } from '../../../src/output/usage/html.ts';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { hasBrowser, openBrowser } from '../../support/browser.ts';
import { testLedger } from '../../support/ledger.ts';
import { makeEntry } from '../../support/ledger-report.ts';
import { someUsage } from '../../support/usage-home.ts';

const NOW = Date.parse('2026-11-24T15:30:00Z');
const HOSTILE = [
  '<img src=x onerror="window.hacked=1">',
  '"><script>window.hacked=1</script>',
  "' onmouseover='window.hacked=1' x='",
  '</title></style></svg><svg onload=window.hacked=1>',
  '<a href="javascript:window.hacked=1">press</a>',
  '<link rel=stylesheet href=https://example.invalid/x.css><style>@import "https://example.invalid/y.css"</style>',
  '<iframe src="https://example.invalid/"></iframe><meta http-equiv=refresh content="0;url=https://example.invalid/">',
  '\u202ereversed\u0000\u001b[2J',
  'a-name-without-a-single-space-'.repeat(20),
];

async function pageOf(entries: readonly LedgerEntry[], by: UsageGrouping = 'model'): Promise<string> {
  const ledger = await testLedger();
  ledger.import(entries);
  ledger.setBudget({ period: 'month', limit: '20', warnAt: 0.8, model: HOSTILE[0] });
  return usageHtml(
    readUsage(ledger, { period: { label: 'last 30 days', since: NOW - 30 * 86_400_000 }, by, filter: {}, now: NOW }),
  );
}

const hostileEntries = (): LedgerEntry[] =>
  HOSTILE.flatMap((name) => [
    ...someUsage(NOW).slice(0, 6),
    makeEntry(NOW, { servedModel: name, provider: name, project: name, cost: '0.02', durationMs: 900 }),
  ]);

describe.skipIf(!hasBrowser())('the page of a report, in a browser', () => {
  it.each(['model', 'project'] as const)(
    'by %s: executes nothing of a hostile name, loads nothing, fits a phone and a desktop',
    async (by) => {
      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => void complaints.push(dialog.message()));
      await page.setContent(await pageOf(hostileEntries(), by));
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        expect(overflow, `at ${width}`).toBe(0);
      }
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('script, img, iframe, link, a, body style').count()).toBe(0);
      expect(await page.locator('table').innerText()).toContain(HOSTILE[0]);
      expect(await page.locator('[role=img]').count()).toBeGreaterThan(2);
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it("has its style, light or dark by the reader's preference, and for print", async () => {
    const browser = await openBrowser();
    const page = await browser.newPage();
    await page.setContent(await pageOf(someUsage(NOW)));
    const colors = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await colors()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await colors()).toBe('rgb(13, 17, 23)');
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await colors()).toBe('rgb(255, 255, 255)');
    const bars = page.locator('section').first().locator('rect');
    expect(await bars.count()).toBe(31);
    expect(await bars.last().locator('title').textContent()).toMatch(/^2026-11-24: \$0\.\d+$/);
    expect((await bars.last().boundingBox())!.height).toBeGreaterThan(10);
    expect(await page.locator('tbody tr').count()).toBe(4);
  });

  it('blocks an injected script or request', async () => {
    const browser = await openBrowser();
    const page = await browser.newPage();
    const server = await startApiServer((_request, response) => sendJson(response, 200, {}));
    const load = `<img src="${server.url}/x.png"><link rel="stylesheet" href="${server.url}/x.css"><iframe src="${server.url}"></iframe>`;
    await page.setContent(htmlPage('t', `<script>window.hacked=1</script>${load}<p onclick="window.hacked=1">x</p>`));
    await page.locator('p').click();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(server.requests).toEqual([]);
  });
});

describe('the page', () => {
  it('escapes by context, and hides nothing', () => {
    expect(escapeHtml(`<a b="c" d='e'>&amp;\u202e\u0000\n`)).toBe(
      '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;&lt;U+202E&gt;␀ ',
    );
  });

  it('needs no other files', async () => {
    const html = await pageOf(someUsage(NOW));
    expect(html).toMatch(/^<!doctype html>\n/);
    expect(html).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'"/);
    expect(html).not.toMatch(/https?:|<script|<img|<link|url\(|@import| style=/);
    expect(tablePage('x', { columns: [], rows: [] }, [{ text: '<b>' }])).toContain('<p class="plain">&lt;b&gt;</p>');
  });
});
