import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseDirectId } from '../../src/apis/direct-id.ts';
import type { DialectName } from '../../src/apis/vendors.ts';
import { cleanEnvironment, ORX } from './run-orx.ts';
import { tempFolder } from './temp-home.ts';

/** A vendor that the gateway asks: an address, and the dialect where it is not the vendor's own. */
export interface ServedVendor {
  origin: string;
  dialect?: DialectName | undefined;
}

export interface ServedVendors {
  /** Without a path. */
  origin: string;
  home: string;
  stop: () => Promise<void>;
  stderr: () => string;
}

const KEY = 'the-key-of-this-vendor-0123456789';

/** The built gateway in front of servers in the places of vendors, by name; `openrouter` is one. It never retries. */
export async function serveVendors(
  vendors: Readonly<Record<string, ServedVendor>>,
  { env = {}, args = [] }: { env?: Readonly<Record<string, string>>; args?: readonly string[] } = {},
): Promise<ServedVendors> {
  const home = tempFolder();
  const { openrouter, ...direct } = vendors;
  const entries = Object.entries(direct).map(([name, { origin, dialect }]) => [
    name,
    { baseUrl: `${origin}/v1`, key: KEY, keyOrigin: origin, ...(dialect !== undefined && { dialect }) },
  ]);
  writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: Object.fromEntries(entries) }));
  const router = openrouter === undefined ? {} : { OPENROUTER_BASE_URL: `${openrouter.origin}/api/v1`, OPENROUTER_API_KEY: KEY };
  const child = spawn(process.execPath, [ORX, 'serve', '--port', '0', ...args], {
    env: cleanEnvironment(home, { ORX_RETRIES: '0', ...router, ...env }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (piece: Buffer) => resolve(piece.toString().trim()));
    child.once('exit', () => reject(new Error(stderr)));
  });
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  };
  return { origin: new URL(url).origin, home, stop, stderr: () => stderr };
}

/** The vendor of a model as serveVendors names it. */
export function vendorNameOf(model: string): string {
  return parseDirectId(model)?.vendor ?? 'openrouter';
}
