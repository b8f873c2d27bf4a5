import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answerPieces, sendPieces, startApiServer } from '../../support/api-server.ts';
import { ORX, cleanEnvironment, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** Records which of Node's modules are loaded at exit. */
const RECORD_MODULES = `
process.on('exit', () => require('node:fs').writeFileSync(process.env.MODULES_FILE, process.moduleLoadList.join('\\n')));
`;

/** Long enough to fill a pipe and a socket. */
const LONG = `"${'text '.repeat(100_000)}"`;

/** Runs orx below a shell, with a pipe where the line has one. */
function shell(line: string, home: string, more: Record<string, string> = {}): string {
  const env = { ...cleanEnvironment(home, more), NODE: process.execPath, ORX };
  const { stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${line}`], {
    env,
    cwd: home,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return stdout + stderr;
}

function pathOf(home: string, name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

describe.runIf(process.platform === 'linux')('the output of a command', () => {
  test.each([
    ['a pipe', '"$NODE" "$ORX" usage | cat'],
    ['a file', '"$NODE" "$ORX" usage > out 2> err; cat out err'],
  ])('is written to %s without loading the streams of Node', (_, line) => {
    const home = tempFolder();
    const hook = pathOf(home, 'hook.cjs', RECORD_MODULES);
    const file = join(home, 'modules');
    const text = shell(line, home, { NODE_OPTIONS: `--require ${hook}`, MODULES_FILE: file });
    expect(text).toContain('no requests recorded yet');
    const loaded = readFileSync(file, 'utf8').split('\n');
    expect(loaded).toContain('NativeModule fs');
    expect(loaded).not.toContain('NativeModule net');
    expect(loaded).not.toContain('NativeModule stream');
  });

  test('is complete and in order if the reader is slower', async () => {
    const home = tempFolder();
    const long = pathOf(home, 'long.json', LONG);
    // The reader begins when the pipe is full.
    const piped = shell(`"$NODE" "$ORX" --sandbox chat --dry-run -f "${long}" hi 2> err | (sleep 1; cat)`, home);
    expect(JSON.parse(piped.slice(piped.indexOf('{'), piped.lastIndexOf('}') + 1))).toMatchObject({
      messages: [{ content: expect.stringContaining(LONG) as string }],
    });
    const { stdout } = await runOrx(['--sandbox', 'chat', '--dry-run', '-f', long, 'hi'], { home, isAlone: true });
    // Each run has a port and a session of its own.
    const common = (text: string): string => text.replace(/127\.0\.0\.1:\d+/, '').replace(/"session_id": "\w+"/, '');
    expect(common(stdout) === common(piped)).toBe(true);
  });

  test.each(['a socket', 'a pipe'])(
    'in many writes to %s is complete and in order if the reader stops and goes on',
    async (kind) => {
      const home = tempFolder();
      const texts = Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(4000)}\n`);
      const server = await startApiServer((_, response) => sendPieces(response, answerPieces(texts)));
      const env = {
        ...cleanEnvironment(home, { OPENROUTER_API_KEY: 'sk-or-v1-0', OPENROUTER_BASE_URL: server.url }),
        NODE: process.execPath,
        ORX,
      };
      const line = `exec "$NODE" "$ORX" chat -q -m a/b hi`;
      const child = spawn('bash', ['-c', kind === 'a pipe' ? `(${line}) | cat` : line], {
        env,
        cwd: home,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      let output = '';
      for await (const piece of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
        output += piece;
        // The output fills up again.
        if (output.length < 100_000) await setTimeout(10);
      }
      expect(output).toBe(texts.join(''));
      expect(await closed).toEqual([0, null]);
    },
  );

  test('that nobody reads ends the command quietly', () => {
    const text = shell('"$NODE" "$ORX" --sandbox models --static 2> err | true; echo "${PIPESTATUS[@]}"; cat err', tempFolder());
    expect(text).toMatch(/^0 0\n/);
    expect(text).not.toMatch(/error|EPIPE/);
  });
});
