import { mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    executablePath: await unpacked(),
    args: [...chromium.args, '--no-sandbox'],
    headless: true,
  });
  onTestFinished(() => browser.close());
  return browser;
}

/** Returns the path of the browser. Its package unpacks it into the folder for temporary files, which only one worker may do at a time. */
async function unpacked(): Promise<string> {
  const lock = join(tmpdir(), 'chromium.lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  try {
    return await chromium.executablePath();
  } finally {
    rmdirSync(lock);
  }
}
