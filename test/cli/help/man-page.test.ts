import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roff } from '../../../src/cli/help/man-page.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = readdirSync(join(ROOT, 'man')).toSorted();

/** Programs that render man pages, with the arguments for reporting every problem and for printing plain text. */
const RENDERERS: Readonly<Record<string, { check: readonly string[]; print: readonly string[] }>> = {
  groff: { check: ['-man', '-Tutf8', '-ww', '-z'], print: ['-man', '-Tascii', '-P-cbou'] },
  mandoc: { check: ['-man', '-T', 'lint', '-W', 'warning'], print: ['-man', '-T', 'ascii'] },
};
const INSTALLED = Object.keys(RENDERERS).filter((program) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program))),
);
if (INSTALLED.length === 0) console.warn('neither groff nor mandoc is installed: how man pages look is not tested');

test('package.json installs every page', () => {
  const { man, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { man: string[]; files: string[] };
  expect(man.toSorted()).toEqual(PAGES.map((name) => `./man/${name}`));
  expect(files).toContain('man');
});

describe.each(INSTALLED)('%s', (program) => {
  const run = (args: readonly string[], input = ''): string => {
    const { stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
    return stdout + stderr;
  };

  test('has no warnings', () => {
    expect(run([...RENDERERS[program]!.check, ...PAGES.map((name) => join(ROOT, 'man', name))])).toBe('');
  });

  test('prints flags, quotes and examples exactly as typed', () => {
    const shown = (name: string): string =>
      run(RENDERERS[program]!.print, readFileSync(join(ROOT, 'man', name), 'utf8')).replaceAll(/.\u0008/g, '');
    expect(shown('orx-chat.1')).toContain('-f "src/**/*.ts" -a screen.png');
    expect(shown('orx-chat.1')).toContain('--no-provider-fallbacks');
    expect(shown('orx-mcp.1')).toContain("--header 'Authorization: Bearer ${TOKEN}'");
    expect(shown('orx-history.1')).toContain(`orx history search '"connection pool"'`);
    expect(shown('orx-completion.1')).toContain("echo 'source <(orx completion bash)' >> ~/.bashrc");
    expect(shown('orx-templates.1')).toMatch(/^ +---\n +description: Translate$/m);
    expect(shown('orx.1')).toMatch(/^EXIT STATUS\n(?:.*\n)+ENVIRONMENT$/m);
  });

  test('prints any line of text unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,30}$/), (line) => {
        const page = `.TH A 1 "" "" ""\n.EX\n${roff(line)}\n.EE\n`;
        expect(run(RENDERERS[program]!.print, page)).toContain(line);
      }),
      { numRuns: 6, examples: [['.so/etc/passwd'], ["'br"], ['\\fBx'], ['--a`^~\\e']] },
    );
  });
});
