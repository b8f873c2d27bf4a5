import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

export const TOOL_GROUP = 'Tools:';

/** The tools that a chat offers, and those that run without asking. */
export type ToolFlags = FlagsOf<typeof toolFlags>;

export function toolFlags(command: Command) {
  return command
    .addOption(
      common(new Option('--mcp <name>', 'offer the tools of an MCP server (repeatable)'))
        .helpGroup(TOOL_GROUP)
        .argParser(repeated),
    )
    .addOption(repeatable('--tools <file>', 'offer the commands that a file declares (repeatable)'))
    .addOption(repeatable('--tool <name>', 'offer one tool: name, server:tool or * (repeatable)'))
    .addOption(repeatable('--allow-tool <name>', 'run a tool without asking (repeatable)'))
    .addOption(repeatable('--server-tool <name[=json]>', 'offer a tool that the API runs (repeatable)'))
    .addOption(grouped('--read-only', 'offer only tools that are marked read-only'))
    .addOption(grouped('--trust-tools', 'use the files of --tools without asking'))
    .addOption(common(new Option('--web', 'let the model search the web (charged by the API)')).helpGroup(TOOL_GROUP))
    .addOption(grouped('--web-results <count>', 'results of each web search'));
}

const repeated = (word: string, words: readonly string[] = []): readonly string[] => [...words, word];
const grouped = <Usage extends string>(flags: Usage, description: string) => new Option(flags, description).helpGroup(TOOL_GROUP);
const repeatable = <Usage extends string>(flags: Usage, description: string) => grouped(flags, description).argParser(repeated);
