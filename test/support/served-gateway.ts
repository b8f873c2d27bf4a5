import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { cleanEnvironment, ORX, runOrx } from './run-orx.ts';
import { tempFolder } from './temp-home.ts';

export interface ServedGateway {
  home: string;
  /** Base URL with `/v1`. */
  url: string;
  child: ChildProcessWithoutNullStreams;
  client: OpenAI;
  stderr: () => string;
  /** Writes the configuration as an editor does: a new file in its place. */
  configure: (text: string) => void;
  /** Resolves when standard error has this text. */
  told: (text: string) => Promise<void>;
  stop: () => Promise<void>;
  /** Entries of the ledger, in the order in which they were opened. Stops the gateway first. */
  entries: () => Promise<Record<string, any>[]>;
}

/** The built gateway with a configuration file, stopped when the test is over. */
export async function serveConfig(
  config: string,
  { env = {}, apiKey = 'any', args = [] }: { env?: Record<string, string>; apiKey?: string; args?: readonly string[] } = {},
): Promise<ServedGateway> {
  const home = tempFolder();
  const path = join(home, 'gateway.yaml');
  writeFileSync(path, config);
  const child = spawn(process.execPath, [ORX, 'serve', '--port', '0', '--config', path, ...args], {
    env: cleanEnvironment(home, env),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
    for (const one of waiting) if (stderr.includes(one.text)) one.resolve();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (piece: Buffer) => resolve(piece.toString().trim()));
    child.once('exit', () => reject(new Error(stderr)));
  });
  const base = url.replace('/api/v1', '/v1');
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  };
  return {
    home,
    url: base,
    child,
    client: new OpenAI({ baseURL: base, apiKey, maxRetries: 0 }),
    stderr: () => stderr,
    configure(text) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    },
    told: (text) => new Promise((resolve) => (stderr.includes(text) ? resolve() : void waiting.push({ text, resolve }))),
    stop,
    async entries() {
      await stop();
      const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
      return stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}
