import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { runOrx } from './run-orx.ts';
import { runServe } from './run-serve.ts';
import { tempFolder } from './temp-home.ts';

export interface ServedGateway {
  home: string;
  /** Base URL with `/v1`. */
  url: string;
  client: OpenAI;
  stderr: () => string;
  /** Writes the configuration as an editor does: a new file replaces the old one. */
  configure: (text: string) => void;
  /** Resolves when standard error contains this text. */
  told: (text: string) => Promise<void>;
  /** Makes the gateway reload its configuration. */
  reload: () => void;
  stop: () => Promise<unknown>;
  /** Returns the ledger entries in the order in which they were created. Stops the gateway first. */
  entries: () => Promise<Record<string, any>[]>;
}

/** Starts the built gateway with a configuration file and stops it at the end of the test. */
export async function serveConfig(
  config: string,
  { env = {}, apiKey = 'any', args = [] }: { env?: Record<string, string>; apiKey?: string; args?: readonly string[] } = {},
): Promise<ServedGateway> {
  const home = tempFolder();
  const path = join(home, 'gateway.yaml');
  writeFileSync(path, config);
  const serving = await runServe(['--config', path, ...args], { home, env });
  const base = serving.url.replace('/api/v1', '/v1');
  return {
    home,
    url: base,
    client: new OpenAI({ baseURL: base, apiKey, maxRetries: 0 }),
    stderr: serving.stderr,
    configure(text) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    },
    told: serving.told,
    reload: () => serving.signal('SIGHUP'),
    stop: serving.stop,
    async entries() {
      await serving.stop();
      const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
      return stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}
