import { openProgram } from '../../src/cli/program.ts';
import type { AnyCommand } from '../../src/commands/commander.ts';
import { commandInput } from '../../src/commands/command-input.ts';
import type { TerminalFacts } from '../../src/commands/is-drawable.ts';
import type { MentionedFlags } from '../../src/commands/partial-command.ts';
import type { Execute } from '../../src/commands/register.ts';
import { typedInput } from '../../src/commands/setting-options.ts';
import { resolved } from './settings.ts';

interface Known {
  env?: Readonly<Record<string, string>>;
  file?: Readonly<Record<string, unknown>>;
  /** The streams that are terminals and can be drawn on. Default: none. */
  terminals?: readonly ('stdin' | 'stdout' | 'stderr')[];
  now?: number;
  /** Declare only these flags. */
  mentioned?: MentionedFlags | undefined;
}

/** Returns the options that the program's own declarations parse the arguments after `orx` into. Runs nothing. */
export async function parseCommand(args: readonly string[], known: Known = {}): Promise<unknown> {
  let options: unknown;
  const execute: Execute = (command, load) =>
    void command.action(async (...given) => {
      const { parse } = await load();
      const { env = {}, file = {}, now = 0 } = known;
      const resolveSettings = (flags: Readonly<Record<string, unknown>>) => resolved({ flags, env, file });
      options = parse(
        commandInput(typedInput(command, given), {
          resolveSettings,
          terminal: terminalOf(known),
          now,
          isBare: line.isBare,
          refusal: line.refusal,
        }),
      );
    });
  const { program, line } = await openProgram(execute, args, known.mentioned);
  silence(program);
  await program.parseAsync(line.args, { from: 'user' });
  return options;
}

/** A command has the output of its parent from when it was declared. */
function silence(command: AnyCommand): void {
  command.configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  for (const inner of command.commands) silence(inner);
}

function terminalOf({ terminals = [] }: Known): TerminalFacts {
  const facts = (name: 'stdout' | 'stderr') => ({ isTerminal: terminals.includes(name), isAnimated: terminals.includes(name) });
  return { hasKeyboard: terminals.includes('stdin'), stdout: facts('stdout'), stderr: facts('stderr') };
}
