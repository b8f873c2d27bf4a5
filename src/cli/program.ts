import { Command, CommanderError, Help } from 'commander';
import { registerAlias, registerFavourites } from '../commands/alias.ts';
import { registerAuth } from '../commands/auth.ts';
import { registerBudget } from '../commands/budget.ts';
import { registerChat } from '../commands/chat.ts';
import { registerCompare } from '../commands/compare.ts';
import { registerCompletion } from '../commands/completion.ts';
import { registerConfig } from '../commands/config.ts';
import { registerCost } from '../commands/cost.ts';
import { registerEndpoints } from '../commands/endpoints.ts';
import { registerHistory } from '../commands/history.ts';
import { registerLedger } from '../commands/ledger.ts';
import { registerMcp } from '../commands/mcp.ts';
import { registerModels } from '../commands/models.ts';
import { registerPrice } from '../commands/price.ts';
import type { Execute, RegisterCommand } from '../commands/register.ts';
import { registerServe } from '../commands/serve.ts';
import { registerTemplates } from '../commands/templates.ts';
import { registerUsage } from '../commands/usage.ts';
import { addSettingOptions, commandInput, CONNECTION_SETTINGS } from '../commands/setting-options.ts';
import type { Outline } from '../core/completion/outline.ts';
import { OrxError } from '../errors.ts';
import { errorText, withoutKeys } from '../output/error-text.ts';
import { NO_KEY_GUIDE } from '../output/no-key-guide.ts';
import { visibleText } from '../output/visible-text.ts';
import { VERSION } from '../version.ts';
import { createContext } from './context.ts';
import { describeProgram } from './describe-program.ts';
import { EXIT_CODES } from './exit-codes.ts';

/** In the order in which the help shows them. */
const COMMANDS: readonly (readonly [name: string, register: RegisterCommand])[] = [
  ['chat', registerChat],
  ['history', registerHistory],
  ['models', registerModels],
  ['endpoints', registerEndpoints],
  ['price', registerPrice],
  ['compare', registerCompare],
  ['cost', registerCost],
  ['budget', registerBudget],
  ['ledger', registerLedger],
  ['usage', registerUsage],
  ['alias', registerAlias],
  ['fav', registerFavourites],
  ['mcp', registerMcp],
  ['templates', registerTemplates],
  ['config', registerConfig],
  ['auth', registerAuth],
  ['serve', registerServe],
  ['completion', registerCompletion],
];

const EXIT_HELP = `
Exit codes:
  0 ok · 1 unexpected · 2 usage · 3 authentication · 4 credits or budget · 5 rate limited ·
  6 no endpoint, policy or moderation · 7 provider failed · 8 network or time-out ·
  9 another model than demanded · 130 interrupted
`;

/** Parses the words after `orx`, runs the command, and turns whatever happens into an exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  watchStreams();
  keepStderrForOrx();
  // Ink's colours know FORCE_COLOR only.
  if (process.env['NO_COLOR'] && process.env['FORCE_COLOR'] === undefined) process.env['FORCE_COLOR'] = '0';
  let exitCode = 0;
  let created: ReturnType<typeof createContext> | undefined;
  const execute: Execute = (run) =>
    async function action(this: Command, ...words) {
      created = createContext();
      // commander appends the options and the command itself to the words.
      const positional = words
        .slice(0, -2)
        .flat()
        .filter((word) => word !== undefined);
      exitCode = await run(commandInput(this, positional as string[]), created.context);
    };
  const program = createProgram(execute, args);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    if (error instanceof OrxError && error.kind === 'interrupted') return EXIT_CODES.interrupted;
    process.stderr.write(failureText(error, program.opts()['verbose'] === true, created?.secrets ?? []));
    exitCode = EXIT_CODES[error instanceof OrxError ? error.kind : 'unexpected'];
  } finally {
    await created?.close();
  }
  return exitCode;
}

/** Everything that can be typed, out of the declarations of all commands. */
export function outlineProgram(): Outline {
  return describeProgram(createProgram(() => () => Promise.resolve(), []));
}

/** On a terminal, whoever has no key yet is shown the ways to one instead of an error. */
function failureText(error: unknown, verbose: boolean, secrets: readonly string[]): string {
  const isNewcomer = error instanceof OrxError && error.code === 'no-key' && process.stderr.isTTY && process.stdin.isTTY;
  if (isNewcomer) return NO_KEY_GUIDE;
  return errorText(error, { verbose, secrets, columns: process.stderr.columns || undefined });
}

/** The program with the commands that these words may mean; with all when there are none. */
export function createProgram(execute: Execute, args: readonly string[]): Command {
  const program = new Command('orx')
    .description('The terminal for every model: chat, prices and comparison over the OpenRouter API.')
    .version(VERSION, '-V, --version')
    .option('--verbose', 'say more when something fails')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(usageText(text)) })
    .configureHelp({ formatHelp: commandsFirst })
    .addHelpText('after', EXIT_HELP)
    .showSuggestionAfterError();
  addSettingOptions(program, CONNECTION_SETTINGS, 'Connection (also after the command):');
  // Declaring flags takes time: of the commands only those that the words may mean, all of them when they mean none.
  const named = COMMANDS.filter(([name]) => args.includes(name));
  for (const [, register] of named.length > 0 ? named : COMMANDS) register(program, execute);
  for (const command of program.commands) acceptConnectionOptions(command);
  return program;
}

/** commander's complaint in orx's voice; a key that was mistaken for an argument is not repeated. */
function usageText(text: string): string {
  const line = withoutKeys(visibleText(text)).replace(/^error: /, 'orx: ');
  return text.includes('unknown option') ? `${line}  words that begin with - go behind --: orx chat -- "-5 + 3 = ?"\n` : line;
}

/** Who asks for help looks for a command first; the flags fill a screen of their own. */
function commandsFirst(command: Command, helper: Help): string {
  const sections = Help.prototype.formatHelp.call(helper, command, helper).split('\n\n');
  const commands = sections.findIndex((section) => section.startsWith('Commands:'));
  const options = sections.findIndex((section) => section.startsWith('Options:'));
  if (commands > options && options !== -1) sections.splice(options, 0, ...sections.splice(commands, 1));
  return `${sections.map((section) => section.trimEnd()).join('\n\n')}\n`;
}

/** A command, and those under it, take the connection's flags after their names as well. */
function acceptConnectionOptions(command: Command): void {
  addSettingOptions(command, CONNECTION_SETTINGS, undefined, { hidden: true });
  command.addHelpText('after', '\nConnection options, such as --sandbox, --base-url and --proxy: orx --help');
  for (const inner of command.commands) acceptConnectionOptions(inner);
}

/** Warnings of Node about its libraries are for those who write orx, not for those who use it. */
function keepStderrForOrx(): void {
  if (process.env['NODE_OPTIONS'] === undefined) process.removeAllListeners('warning');
}

/**
 * `orx … | head` closes the pipe early: that is no failure. Output that cannot be written for another reason (a full disk) is one; a
 * notice or a receipt that cannot be written is none.
 */
function watchStreams(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.stderr.write(`orx: the output cannot be written (${error.code ?? error.message})\n`);
    process.exit(error.code === 'EPIPE' ? 0 : EXIT_CODES.unexpected);
  });
}
