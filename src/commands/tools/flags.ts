import { type Command, type FlagsOf, Option } from '../commander.ts';

export const TOOL_GROUP = 'Tools (none is offered without these):';

/** Which tools a chat offers, and which of them run unasked. */
export type ToolFlags = FlagsOf<typeof toolFlags>;

export function toolFlags(command: Command) {
  return command
    .addOption(repeatable('--mcp <name>', 'offer the tools of this server: orx mcp list (repeatable)'))
    .addOption(repeatable('--tools <file>', 'offer the local commands that this file declares (repeatable)'))
    .addOption(repeatable('--tool <name>', 'offer one of your own commands, or server:tool; * stands for anything (repeatable)'))
    .addOption(repeatable('--allow-tool <name>', 'run this tool unasked: a name, server:tool, or server:* (repeatable)'))
    .addOption(
      repeatable('--server-tool <name[=json]>', 'a tool that the API runs, such as datetime, with its parameters (repeatable)'),
    )
    .addOption(grouped('--read-only', 'only tools that say they change nothing'))
    .addOption(grouped('--trust-tools', 'use the files of --tools without asking about what they would run'))
    .addOption(grouped('--web', 'let the model search the web: the API does it and bills it'))
    .addOption(grouped('--web-results <count>', 'web search with so many results a search'));
}

const grouped = <Usage extends string>(flags: Usage, description: string) => new Option(flags, description).helpGroup(TOOL_GROUP);
const repeatable = <Usage extends string>(flags: Usage, description: string) =>
  grouped(flags, description).argParser((word: string, words: readonly string[] = []): readonly string[] => [...words, word]);
