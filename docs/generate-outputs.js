// Refreshes what stands below the commands of console blocks in README and docs/, from real runs against the sandbox. An output that differs
// in times and ids only stays as it is. Run it with `npm run docs`.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLines, stableOutput, withOutputs } from './command-blocks.js';
import { makeProject, runCommands } from './run-commands.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const named = process.argv.slice(2);
const all = ['README.md', ...readdirSync(`${ROOT}docs`).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];
const pages = named.length > 0 ? named : all;

for (const name of pages) {
  const page = readFileSync(join(ROOT, name), 'utf8');
  const commands = commandLines(page);
  if (!commands.some(({ output, needs }) => output !== undefined && needs === undefined)) continue;
  const home = mkdtempSync(join(tmpdir(), 'orx-docs-'));
  const project = makeProject(home, { speed: 1 });
  const outcomes = await runCommands(commands, project);
  const outputs = new Map(
    outcomes
      .filter(({ command, output }) => command.output !== undefined && stableOutput(command.output) !== stableOutput(output))
      .map(({ command, output }) => [command.number, output]),
  );
  rmSync(home, { recursive: true });
  if (outputs.size > 0) writeFileSync(join(ROOT, name), withOutputs(page, outputs));
  process.stdout.write(`${name}: ${outputs.size} outputs changed\n`);
}
