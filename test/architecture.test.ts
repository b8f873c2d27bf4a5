import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from './support/temp-home.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs/internals/architecture.md'), 'utf8');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

/** Returns the folders of src/ down to the features: a subfolder of a feature belongs to it. */
function folders(): string[] {
  const names = (folder: string): string[] =>
    readdirSync(join(ROOT, 'src', folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => (folder === '' ? `${name}/` : `${folder}${name}/`));
  return names('').flatMap((layer) => [layer, ...names(layer)]);
}

function sources(folder = join(ROOT, 'src')): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

test('the folder table names exactly the existing folders', () => {
  const table = PAGE.slice(PAGE.indexOf('## Layout'), PAGE.indexOf('`test/` mirrors'));
  const named = [...table.matchAll(/`([a-z][\w/-]*\/)`/g)].map(([, name]) => name!).filter((name) => name !== 'src/');
  expect([...new Set(named)].toSorted()).toEqual(folders().toSorted());
});

test('no folder has too many files to read', () => {
  const count = new Map<string, number>();
  for (const path of sources()) count.set(dirname(path), (count.get(dirname(path)) ?? 0) + 1);
  expect([...count].filter(([, files]) => files > 26)).toEqual([]);
});

describe('the walks', () => {
  const walks = [...PAGE.slice(PAGE.indexOf('## Three walks')).matchAll(/\n\n((?:\d+\. `[^`]+`[^\n]*\n)+)/g)].map(([, list]) =>
    [...list!.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path!),
  );

  test('name files that exist', () => {
    expect(walks).toHaveLength(3);
    expect(walks.flat().filter((path) => !existsSync(join(ROOT, 'src', path)))).toEqual([]);
  });

  test('lead a prompt to the wire in at most fourteen files', () => {
    expect(walks[0]!.length).toBeLessThanOrEqual(14);
  });
});

const DECLARED =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:const enum|const|let|function\*?|class|interface|type|enum) (\w+)/gm;

test('two exports share a name only if they are one idea', () => {
  const places = new Map<string, string[]>();
  for (const path of sources()) {
    // The formatter puts each exported declaration at the start of a line.
    for (const [, name] of readFileSync(path, 'utf8').matchAll(DECLARED)) {
      // An overload is declared several times in one file.
      places.set(name!, [...new Set([...(places.get(name!) ?? []), path.slice(ROOT.length + 1)])]);
    }
  }
  // The flags and options of a subcommand such as `export` are one idea in every feature that has it.
  const isOneIdea = (path: string): boolean => /^src\/commands\/[^/]+\/(flags|[\w-]*options)\.ts$/.test(path);
  expect([...places].filter(([, paths]) => paths.length > 1 && !paths.every(isOneIdea))).toEqual([]);
});

describe('the graph check', () => {
  /** Writes files into an empty project and returns the names of the rules that they break. */
  function broken(files: Readonly<Record<string, string>>): string[] {
    const folder = tempFolder();
    const all = { 'tsconfig.json': '{"compilerOptions":{"allowImportingTsExtensions":true,"noEmit":true}}', ...files };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = spawnSync(process.execPath, [CRUISER, 'src', '--config', CONFIG, '--output-type', 'json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(summary.violations.map(({ rule }) => rule.name))].toSorted();
  }
  const value = 'export const a = 1;';
  const type = 'export interface A { a: 1 }';

  test('finds nothing without planted violations', () => {
    expect(
      broken({
        'src/core/price/quote.ts': "import { a } from '../text/names.ts'; export const b = a;",
        'src/core/text/names.ts': value,
        'src/commands/price/run.ts': "import type { A } from '../../storage/ledger/ledger.ts'; export type B = A;",
        'src/storage/ledger/ledger.ts': type,
      }),
    ).toEqual([]);
  });

  test('finds planted violations: layers, features, cycles of types, and libraries of other modules', () => {
    expect(
      broken({
        // A layer that imports a higher one, a value import where only types are allowed, and an import of a module that nothing may import.
        'src/core/price/quote.ts': "import { a } from '../../output/text/money.ts'; export const b = a;",
        'src/output/text/money.ts': value,
        'src/commands/serve/run.ts': "import { a } from '../../storage/ledger/ledger.ts'; export const b = a;",
        'src/storage/ledger/ledger.ts': value,
        'src/ui/chat/app.ts': "import { a } from '../../cli/main.ts'; export const b = a;",
        'src/cli/main.ts': value,
        'src/markdown/block.ts': "import type { A } from '../ui/screen/line.ts'; export type B = A;",
        'src/ui/screen/line.ts': type,
        'src/sandbox/sandbox-api.ts': "import 'node:http';",
        // A feature that imports another feature, and a shared file that imports a feature.
        'src/commands/price/run.ts': "import { a } from '../usage/report.ts'; export const b = a;",
        'src/commands/usage/report.ts': value,
        'src/core/ledger/record.ts': "import type { A } from '../session/keys.ts'; export type B = A;",
        'src/core/session/keys.ts': type,
        'src/commands/register.ts': "import type { A } from './chat/options.ts'; export type B = A;",
        'src/commands/chat/options.ts': type,
        // A cycle made of types only.
        'src/http/client.ts': "import type { B } from './error.ts'; export interface A { b: B }",
        'src/http/error.ts': "import type { A } from './client.ts'; export interface B { a: A }",
        // A library that only another module may import.
        'node_modules/commander/package.json': '{"name":"commander","version":"1.0.0","main":"index.js"}',
        'node_modules/commander/index.js': 'module.exports = 1;',
        'package.json': '{"dependencies":{"commander":"1.0.0"}}',
        'src/core/price/flags.ts': "import commander from 'commander'; export const b = commander;",
      }),
    ).toEqual([
      'commands-get-services',
      'core-is-pure',
      'feature-commands-price',
      'feature-commands-shared',
      'feature-core-unlisted',
      'markdown-knows-nobody',
      'no-circular',
      'nobody-knows-cli',
      'only--cli-commands--imports-commander',
      'sandbox-has-no-network',
    ]);
  });
});
