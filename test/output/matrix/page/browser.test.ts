import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { finished } from 'node:stream/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { matrixPage } from '../../../../src/output/matrix/page/write-page.ts';
import { hasBrowser, openBrowser } from '../../../support/browser.ts';
import { HOSTILE_MARKUP } from '../../../support/hostile/markup.ts';
import { hostileCells, hostileFacts } from '../../../support/hostile/page-report.ts';
import { cellResult, EXPECTED, matrixReport, testCase } from '../../../support/matrix-report.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const LANES = [`${HOSTILE_MARKUP.join(' ')} one`, `two ${HOSTILE_MARKUP[0]}`];
const CASES = 2_500;
const HOSTILE = HOSTILE_MARKUP.length;
/** Far below the first screens. */
const RARE = 2_000;

/** 5,000 cells: hostile cases first, then cases of which each seventh fails in the second lane. */
function cells() {
  const plain = Array.from({ length: CASES - HOSTILE }, (_, index) => {
    const number = HOSTILE + index + 1;
    const tags = number % 2 === 0 ? ['even'] : [];
    const one = testCase(`case ${number}`, { expectations: EXPECTED, tags });
    const text = `The **answer** to ${number} is short.`;
    return [
      cellResult(one, 0, '+', { text, cost: String(number / 1e6) }),
      cellResult(one, 1, number % 7 === 0 ? '-' : '+', {
        text: number === RARE ? `${text} A needle. ${'long '.repeat(2_000)}end` : text.replace('short', 'quite short'),
        cost: String(number / 1e6),
      }),
    ];
  });
  return [...HOSTILE_MARKUP.flatMap(hostileCells), ...plain.flat()];
}

async function writePage(): Promise<string> {
  const path = join(tempFolder(), 'page.html');
  const file = createWriteStream(path);
  for await (const piece of matrixPage(matrixReport(LANES, cells(), hostileFacts(HOSTILE_MARKUP.join(' '))))) file.write(piece);
  file.end();
  await finished(file);
  return pathToFileURL(path).href;
}

const count = (tab: Page) => tab.locator('#count').textContent();
async function countIs(tab: Page, text: RegExp): Promise<void> {
  await expect.poll(async () => count(tab)).toMatch(text);
}
const firstCase = (tab: Page) => tab.locator('article h3').first().textContent();
const selected = (tab: Page) =>
  tab.evaluate(
    '[document.activeElement.closest("article")?.querySelector("h3").textContent, document.activeElement.dataset.lane]',
  );

test.skipIf(!hasBrowser())('5,000 cells and hostile text in a browser', async () => {
  const url = await writePage();
  const browser = await openBrowser();
  const tab = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  const seen: string[] = [];
  tab.on('request', (request) => void (request.url().startsWith(url) || seen.push(request.url())));
  tab.on('console', (message) => seen.push(message.text()));
  tab.on('pageerror', (error) => seen.push(String(error)));
  tab.on('dialog', (dialog) => void seen.push(dialog.message()));
  await tab.goto(url);
  await countIs(tab, /^2,500 cases$/);

  // Rows are made when they come near the screen, and all hostile ones are made by walking through them.
  expect(await tab.locator('article').count()).toBe(CASES);
  expect(await tab.locator('article table.row').count()).toBeLessThan(60);
  for (let number = 0; number < HOSTILE; number += 1) {
    await tab.keyboard.press('j');
    await expect.poll(() => selected(tab)).toEqual([expect.any(String), '0']);
    await tab.evaluate(
      'for (const one of document.activeElement.closest("article").querySelectorAll("details")) one.open = true',
    );
  }
  await expect.poll(async () => tab.locator('article table.row').count()).toBeGreaterThanOrEqual(HOSTILE);
  expect(
    await tab
      .locator('article')
      .nth(HOSTILE - 1)
      .locator('.answer')
      .first()
      .innerText(),
  ).toContain('a-word-without');
  expect(await tab.evaluate('window.hacked ?? {}.hacked ?? "nothing"')).toBe('nothing');
  expect(await tab.locator('script:not([type])').count()).toBe(1);
  expect(
    await tab
      .locator(
        'iframe, link, img, template, svg:not(.chart), body style, meta[http-equiv=refresh], [onload], [onerror], [onmouseover]',
      )
      .count(),
  ).toBe(0);
  const links = (await tab.evaluate('[...document.links].map(({ protocol, rel }) => `${protocol} ${rel}`)')) as string[];
  expect(new Set(links)).toEqual(new Set(['https: noopener noreferrer nofollow']));

  // Filters, search and sorting; the address has the view.
  await tab.locator('#show').selectOption('failed');
  const failed = HOSTILE + Math.floor(CASES / 7) - Math.floor(HOSTILE / 7);
  await countIs(tab, new RegExp(`^${failed} of 2,500 cases$`));
  await tab.locator('#tag').selectOption('even');
  await countIs(tab, /^178 of 2,500 cases$/);
  await tab.locator('#show').selectOption('differs');
  await countIs(tab, /^178 of 2,500 cases$/);
  await tab.locator('#sort').selectOption('cost');
  await tab.locator('#desc').check();
  await expect.poll(() => firstCase(tab)).toBe('case 2492');
  expect(new URL(tab.url()).hash).toBe('#show=differs&tag=even&sort=cost&desc=1');
  await tab.reload();
  await countIs(tab, /^178 of 2,500 cases$/);
  expect(await firstCase(tab)).toBe('case 2492');
  await tab.locator('#lanes summary').click();
  await tab.locator('#lanes input').nth(1).uncheck();
  await countIs(tab, /^0 of 2,500 cases$/);
  expect(await tab.locator('#none').isVisible()).toBe(true);
  await tab.locator('#reset').click();
  await countIs(tab, /^2,500 cases$/);
  await tab.locator('h1').click();
  await tab.keyboard.press('/');
  await tab.keyboard.type('NEEDLE');
  await countIs(tab, /^1 of 2,500 cases$/);
  const found = tab.locator('article').first();
  await found.scrollIntoViewIfNeeded();
  expect(await found.locator('td').nth(1).locator('.answer').innerText()).not.toContain('end');
  await found.getByText('show all').click();
  expect(await found.locator('td').nth(1).locator('.answer').innerText()).toContain('end');

  // The selected answer is compared and copied with keys.
  await tab.locator('h1').click();
  await tab.keyboard.press('j');
  await tab.keyboard.press('ArrowRight');
  await expect.poll(() => selected(tab)).toEqual([`case ${RARE}`, '1']);
  await tab.evaluate('navigator.clipboard.writeText = async (text) => { window.copied = text }');
  await tab.keyboard.press('c');
  await countIs(tab, /^copied$/);
  expect(await tab.evaluate('window.copied')).toMatch(/^The \*\*answer\*\* to 2000 is short\. A needle\. .*end$/);
  await tab.keyboard.press('ArrowLeft');
  await tab.keyboard.press('d');
  await expect
    .poll(async () => tab.locator('td[data-lane="1"] ins').allTextContents())
    .toEqual([expect.stringMatching(/^ A needle\./)]);
  expect(await tab.locator('td[data-lane="0"] .answer strong').count()).toBe(1);

  // Semantics: each row is a table whose head names the lanes.
  expect(await found.getByRole('columnheader').count()).toBe(3);
  expect(await found.getByRole('rowheader').count()).toBe(1);
  expect(await found.getByRole('cell').count()).toBe(2);
  expect(await tab.getByRole('img', { name: 'Quality against price' }).count()).toBe(1);
  await tab.locator('#lanes input').nth(1).uncheck();
  await expect.poll(async () => found.getByRole('columnheader').count()).toBe(2);
  expect(await found.getByRole('cell').count()).toBe(1);

  const color = () => tab.evaluate('getComputedStyle(document.body).backgroundColor');
  expect(await color()).toBe('rgb(255, 255, 255)');
  await tab.emulateMedia({ colorScheme: 'dark' });
  expect(await color()).toBe('rgb(13, 17, 23)');
  for (const width of [1280, 400]) {
    await tab.setViewportSize({ width, height: 800 });
    expect(await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), `at ${width}`).toBe(
      0,
    );
  }
  expect(seen).toEqual([]);
});
