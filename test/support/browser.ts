import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Whether there is a browser for this machine; prints a notice where there is none. */
export function hasBrowser(): boolean {
  const isThere = process.platform === 'linux' && process.arch === 'x64';
  if (!isThere) console.warn(`no browser for ${process.platform} ${process.arch}: what is tested in one is skipped`);
  return isThere;
}

/** A real Chromium without a window, closed when the test is over. */
export async function openBrowser(): Promise<Browser> {
  const browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, '--no-sandbox'],
    headless: true,
  });
  onTestFinished(() => browser.close());
  return browser;
}
