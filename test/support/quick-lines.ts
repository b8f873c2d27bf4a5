import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLine } from '../../docs/run-commands.js';
import { orxWords } from './command-lines.ts';
import { runWithBoth } from './run-orx.ts';

type Project = Parameters<typeof runLine>[1];
type Outcome = Awaited<ReturnType<typeof runLine>>;

/** One orx in a line, with what runs before and after it in the pipe, and the file that its output is written to. */
interface Step {
  before: string;
  words: readonly string[];
  after: string;
  file: string | undefined;
}

/**
 * Runs a line as runLine does. If orx needs no shell in it, orx runs in a process that has loaded it, which takes a tenth of the time; only the
 * other programs of the line run in a shell.
 */
export async function runQuickly(line: string, project: Project): Promise<Outcome> {
  const steps = splitOutsideQuotes(line, '&&').map(stepOf);
  if (!steps.every((step) => step !== undefined)) return runLine(line, project);
  let output = '';
  for (const step of steps) {
    const outcome = await runStep(step, project);
    output += outcome.output;
    if (outcome.code !== 0) return { code: outcome.code, output };
  }
  return { code: 0, output };
}

async function runStep({ before, words, after, file }: Step, project: Project): Promise<Outcome> {
  const { folder, env } = project;
  const stdin = before === '' ? '' : (await runLine(before, project)).output;
  const { code, stdout, stderr, both } = await runWithBoth(words, { home: folder, env, stdin });
  const shown = (text: string): string => text.replaceAll(String(env['HOME']), '~');
  if (after !== '') {
    const rest = spawnSync('sh', ['-c', after], { cwd: folder, env, input: stdout, encoding: 'utf8' });
    return { code: rest.status, output: shown(`${stderr}${rest.stdout}${rest.stderr}`) };
  }
  if (file === undefined) return { code, output: shown(both) };
  writeFileSync(join(folder, file), stdout);
  return { code, output: shown(stderr) };
}

/** Returns undefined if orx needs a shell: for variables, patterns, redirections of its input, and other syntax. */
function stepOf(text: string): Step | undefined {
  const parts = splitOutsideQuotes(text, '|').map((part) => part.trim());
  const at = parts.findIndex((part) => part.startsWith('orx '));
  if (at === -1) return undefined;
  const [, call = '', file] = /^(.*?)(?: > ([\w-][\w.-]*))?$/.exec(parts[at]!) ?? [];
  const hasSyntax = /"[^"]*[$`\\][^"]*"/.test(call) || /[;<>$`*?~&(){}\\#]/.test(call.replaceAll(/"[^"]*"|'[^']*'/g, ''));
  const words = orxWords(call);
  if (hasSyntax || words === undefined || (file !== undefined && at < parts.length - 1)) return undefined;
  return { before: parts.slice(0, at).join(' | '), words, after: parts.slice(at + 1).join(' | '), file };
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = [''];
  for (const piece of text.match(/"[^"]*"|'[^']*'|&&|[^]/g) ?? [])
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  return parts;
}
