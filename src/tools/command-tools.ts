import type { CommandDeclaration } from './command-declaration.ts';
import { cutResult } from './cut-result.ts';
import { fillCommand } from './fill-command.ts';
import { minimalEnvironment } from './minimal-environment.ts';
import { type ProcessEnd, runProcess } from './run-process.ts';
import type { Tool, ToolResult } from './tool.ts';

/** Returns declared commands as tools that run on this machine, with a minimal environment. */
export function commandTools(
  declarations: readonly CommandDeclaration[],
  env: Readonly<Record<string, string | undefined>>,
): readonly Tool[] {
  return declarations.map((declaration) => ({
    label: declaration.name,
    description: declaration.description,
    parameters: declaration.parameters,
    isReadOnly: declaration.isReadOnly,
    preview: async (values) => fillCommand(declaration.command, values).map(shown).join(' '),
    async call(values, { signal, timeoutMs, maxBytes }) {
      const limit = Math.min(maxBytes, declaration.maxBytes ?? maxBytes);
      const end = await runProcess({
        argv: fillCommand(declaration.command, values),
        folder: declaration.folder,
        env: minimalEnvironment(env, declaration.env),
        signal,
        timeoutMs: Math.min(timeoutMs, declaration.timeoutMs ?? timeoutMs),
        maxBytes: limit,
      });
      return resultOf(end, limit);
    },
  }));
}

/** Quotes an argument as one would type it in a shell. */
function shown(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function resultOf({ code, stdout, stderr, isTimedOut }: ProcessEnd, limit: number): ToolResult {
  const parts = [cutResult(stdout, limit)];
  if (isTimedOut) parts.push('[ended here: it ran longer than it may]');
  else if (code === undefined) parts.push('[ended by a signal]');
  else if (code !== 0) parts.push(`[exit code ${code}]`);
  const isError = isTimedOut || code !== 0;
  if (isError && stderr.trim() !== '') parts.push(cutResult(stderr, limit));
  const text = parts.filter((part) => part !== '').join('\n');
  return { text: text === '' ? '[no output]' : text, isError };
}
