import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Returns whether this machine has a browser; prints a notice if not. */
export function hasBrowser(): boolean {
  const isThere = process.platform === 'linux' && process.arch === 'x64';
  if (!isThere) console.warn(`no browser for ${process.platform} ${process.arch}: what is tested in one is skipped`);
  return isThere;
}

/** Opens a real headless Chromium that closes at the end of the test. */
export async function openBrowser(): Promise<Browser> {
  const browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, '--no-sandbox'],
    headless: true,
  });
  onTestFinished(() => browser.close());
  return browser;
}
