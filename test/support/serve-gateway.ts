import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { cleanEnvironment, ORX } from './run-orx.ts';

export interface ServedGateway {
  url: string;
  child: ChildProcess;
  stderr: () => string;
  /** Ends it by a signal, and waits for that. */
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** The built `orx serve` on a free port, with its files in `home`. It ends with the test. */
export async function serveGateway(
  home: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<ServedGateway> {
  const child = spawn(process.execPath, [ORX, 'serve', '--port', '0', ...flags], {
    env: cleanEnvironment(home, env),
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const exit = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    return exit;
  };
  onTestFinished(() => stop('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = '';
    child.stdout.on('data', (piece: Buffer) => {
      stdout += piece.toString();
      if (stdout.includes('\n')) resolve(stdout.trim());
    });
    child.on('close', (code) => reject(new Error(`orx serve ended with ${code}: ${stderr}`)));
  });
  return { url, child, stderr: () => stderr, stop };
}
