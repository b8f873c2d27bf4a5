import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cleanEnvironment } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** All files that a user gets. Anything else, such as sources, tests and source maps, is for developers. */
const SHIPPED =
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|bin\/(orx\.js|package\.json)|dist\/[\w-]+\.(js|cjs|js\.LEGAL\.txt)|dist\/(commands|help)\.json|man\/orx[\w-]*\.1|docs\/[\w/-]+\.(md|svg))$/;

async function pack(folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: ROOT });
  return join(folder, /"filename":\s*"([^"]+)"/.exec(stdout)![1]!);
}

/**
 * Installs a package as npm does, without the network: its files, the production dependencies of the lock file and nothing else, and a link in
 * `.bin`. Returns the link.
 */
function install(unpacked: string, folder: string): string {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  renameSync(unpacked, join(modules, 'orx'));
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  for (const [path, { dev }] of Object.entries(packages)) {
    if (dev === true || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(folder, path));
  }
  const { bin } = JSON.parse(readFileSync(join(modules, 'orx/package.json'), 'utf8')) as { bin: { orx: string } };
  symlinkSync(join('../orx', bin.orx), join(modules, '.bin/orx'));
  return join(modules, '.bin/orx');
}

describe('the packed tarball', () => {
  test('has no development files, and runs once it is installed', async () => {
    const folder = tempFolder();
    const tarball = await pack(folder);
    await run('tar', ['-xzf', tarball, '-C', folder]);
    const files = readdirSync(join(folder, 'package'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(folder, 'package'), join(entry.parentPath, entry.name)));
    expect(files.filter((path) => !SHIPPED.test(path))).toEqual([]);
    expect(files.length).toBeGreaterThan(50);

    const orx = install(join(folder, 'package'), folder);
    const env = cleanEnvironment(join(folder, 'home'), { ORX_SANDBOX_SPEED: '100000' });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await run(orx, ['--version'], { env })).stdout).toContain(version);
    // The ledger needs SQLite's compiled half, the answer needs the sandbox, and the token count needs its tables.
    expect((await run(orx, ['--sandbox', 'chat', 'hi'], { env })).stdout).toContain('simulated');
    expect((await run(orx, ['--sandbox', 'cost'], { env })).stdout).toMatch(/\$0\.\d+/);
    expect((await run(orx, ['--sandbox', 'price', 'openai/gpt-4o', '--prompt', 'hi'], { env })).stdout).toMatch(/\$0\.\d+/);
  });
});

test('npm ci prints no warning', async () => {
  const folder = tempFolder();
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(ROOT, file), join(folder, file));
  // A dry run warns about engines, install scripts and conflicts as a real one does, and downloads nothing.
  const { stderr } = await run('npm', ['ci', '--dry-run', '--offline', '--no-audit', '--no-update-notifier'], { cwd: folder });
  expect(stderr).toBe('');
});
