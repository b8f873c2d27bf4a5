import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDirectId } from '../../src/apis/direct-id.ts';
import type { DialectName } from '../../src/apis/vendors.ts';
import { runServe } from './run-serve.ts';
import { tempFolder } from './temp-home.ts';

/** A vendor behind the gateway: a URL, and the dialect if it is not the vendor's own. */
export interface ServedVendor {
  origin: string;
  dialect?: DialectName | undefined;
}

export interface ServedVendors {
  /** Without a path. */
  origin: string;
  home: string;
  stop: () => Promise<unknown>;
  stderr: () => string;
}

const KEY = 'the-key-of-this-vendor-0123456789';

/** Starts the built gateway with servers in place of vendors, by name; `openrouter` is one of them. It never retries. */
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
  const { url, stop, stderr } = await runServe(args, { home, env: { ORX_RETRIES: '0', ...router, ...env } });
  return { origin: new URL(url).origin, home, stop, stderr };
}

/** Returns the vendor of a model under the name that serveVendors gives it. */
export function vendorNameOf(model: string): string {
  return parseDirectId(model)?.vendor ?? 'openrouter';
}
