import { execFile, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, ORX } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Command lines of the README's `sh` blocks, but for the first block, which sets up. */
function commandLines(): string[] {
  const blocks = [...README.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks.slice(1).flatMap((block) => block.split('\n').filter((line) => line !== ''));
}

function shell(line: string, home: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', 'orx'), `#!/bin/sh\nexec "${process.execPath}" "${ORX}" "$@"\n`);
  chmodSync(join(home, 'bin', 'orx'), 0o755);
  const child = spawn('sh', ['-c', line], {
    cwd: ROOT,
    env: cleanEnvironment(home, {
      PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
      ORX_SANDBOX: '1',
      ORX_SANDBOX_SPEED: '100000',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => (stdout += String(piece)));
  child.stderr.on('data', (piece) => (stderr += String(piece)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe('the README', () => {
  test('opens with the two commands that do all', () => {
    const first = /```sh\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
    expect(first.split('\n').map((line) => line.split('#')[0]?.trim())).toEqual([
      'npm ci && npm run demo',
      'npm ci && npm test',
      '',
    ]);
    expect(README.indexOf('npm ci')).toBeLessThan(200);
  });

  test('has command lines', () => expect(commandLines().length).toBeGreaterThan(10));

  // Bills and reports have something to show once a question was asked.
  let asked = '';
  beforeAll(async () => {
    asked = mkdtempSync(join(tmpdir(), 'orx-readme-'));
    await shell('orx chat "hello"', asked);
  });
  afterAll(() => rmSync(asked, { recursive: true, force: true }));

  test.each(commandLines())('%s', async (line) => {
    const home = tempFolder();
    cpSync(asked, home, { recursive: true });
    const result = await shell(line, home);
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^error: /m) as string });
    expect(result.stdout === '').toBe(/^orx (config set|alias add)/.test(line));
  });

  test('names files that are there', () => {
    const links = [...README.matchAll(/\]\((docs\/[^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(readFileSync(join(ROOT, link), 'utf8')).not.toBe('');
  });
});

test('docs/cli.md is what --help says', async () => {
  const result = await new Promise<{ code: number | string | null | undefined; stderr: string }>((resolve) =>
    execFile(process.execPath, ['docs/generate-cli.js', '--check'], { cwd: ROOT }, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    ),
  );
  expect(result).toEqual({ code: 0, stderr: '' });
});

test('the demo compares and prices', async () => {
  const demo = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts.demo as string;
  const result = await shell(demo.replaceAll('node bin/orx.js', 'orx').replace('npm run --silent build && ', ''), tempFolder());
  expect(result.code).toBe(0);
  expect(result.stdout).toContain('## anthropic/claude-sonnet-4.6');
  expect(result.stdout).toContain('simulated');
  expect(result.stdout).toMatch(/openai\/gpt-4o-mini\s+\$0\.\d+/);
});
