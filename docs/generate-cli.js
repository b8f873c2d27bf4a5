// Writes docs/cli.md and the man pages from the help of the built program; with --check only compares. Run it with `npm run docs`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
/** @type {{ referencePages: () => Promise<{ texts: { title: string, text: string }[], manPages: Record<string, string> }> }} */
const { referencePages } = await import(new URL('dist/main.js', ROOT).href);
const { texts, manPages } = await referencePages();

const sections = texts.map(({ title, text }) => `## ${title}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`);
const files = new Map([
  [
    'docs/cli.md',
    `# Commands and flags\n\nEvery command with every flag. Made by \`npm run docs\` from the texts of \`--help-all\`.\n\n${sections.join('\n')}`,
  ],
  ...Object.entries(manPages).map(([name, text]) => /** @type {const} */ ([`man/${name}`, text])),
]);
const folder = new URL('man/', ROOT);
const stored = existsSync(folder) ? readdirSync(folder).map((name) => `man/${name}`) : [];
const surplus = stored.filter((path) => !files.has(path));

if (process.argv.includes('--check')) {
  const isCurrent = (/** @type {string} */ path) =>
    existsSync(new URL(path, ROOT)) && readFileSync(new URL(path, ROOT), 'utf8') === files.get(path);
  const stale = [...surplus, ...[...files.keys()].filter((path) => !isCurrent(path))];
  if (stale.length > 0) {
    console.error(`run npm run docs: ${stale.join(', ')} differ from --help`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(folder, { recursive: true });
  for (const path of surplus) rmSync(new URL(path, ROOT));
  for (const [path, text] of files) writeFileSync(new URL(path, ROOT), text);
}
