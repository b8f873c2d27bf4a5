import type { ConnectionSettings, ToolSettings } from '../../core/settings/groups.ts';
import type { ApprovalOptions, Decision, Reply } from '../../core/tools/approvals.ts';
import { createApprovals } from '../../core/tools/approvals.ts';
import { isToolNamed } from '../../core/tools/allow-patterns.ts';
import type { CheckedCall } from '../../core/tools/check-calls.ts';
import type { CallLimits } from '../../core/tools/run-calls.ts';
import { sentSchema } from '../../core/tools/sent-schema.ts';
import { type OfferedTool, withWireNames } from '../../core/tools/wire-names.ts';
import { usageError } from '../../errors.ts';
import { labeledLine } from '../../output/text/error.ts';
import { callQuestion } from '../../output/tools/call.ts';
import type { ToolDefinition } from '../../apis/request-parameters.ts';
import type { Context } from '../context.ts';
import type { ToolServices } from '../context/tool-services.ts';
import { findTools } from './find.ts';
import type { ToolOptions } from './options.ts';

/** The tools of a chat command. */
export interface RunTools {
  offered: readonly OfferedTool[];
  /** The tool definitions of the request, including those of the API. */
  requestTools: readonly ToolDefinition[];
  decide: (call: CheckedCall) => Promise<Decision>;
  /** Returns whether a call needs confirmation, so that it is already on the screen. */
  asks: (call: CheckedCall) => boolean;
  canAsk: boolean;
  limits: CallLimits;
  maxSteps: number;
}

const PARALLEL_CALLS = 4;

/**
 * Finds the tools that the flags offer and connects to their servers; undefined if there are none. `ask` replaces the question at
 * the terminal, for a screen that asks itself.
 */
export async function openTools(
  options: ToolOptions,
  settings: ConnectionSettings & ToolSettings,
  context: Context,
  { isQuiet, ask }: { isQuiet: boolean; ask?: ApprovalOptions['ask'] },
): Promise<RunTools | undefined> {
  const { servers, files, tools } = options;
  const isLocal = servers.length + files.length + tools.length > 0;
  if (!isLocal && options.allowed.length > 0)
    throw usageError('no tools are offered, so none can run without asking', {
      shell: 'offer tools: --mcp SERVER, --tools FILE or --tool NAME',
      session: 'offer tools: /tools NAME',
    });
  if (!isLocal && options.serverTools.length === 0) return undefined;
  const services = isLocal ? await context.tools.open(settings) : undefined;
  const write = (text: string): void => void context.terminal.streams.stderr.write(`${text}\n`);
  const warn = (text: string): void => write(labeledLine('warning', text));
  const print = (text: string): void => (isQuiet ? undefined : write(labeledLine('note', text)));
  const patienceMs = settings['tool-timeout'] * 1000;
  const offered =
    services === undefined ? [] : withWireNames(await findTools(options, { services, patienceMs, print, warn, isQuiet }));
  for (const pattern of options.allowed) {
    // A server may have no usable tools, which was reported before; the pattern is not mistyped.
    if (
      pattern !== '*' &&
      !servers.some((server) => pattern === `${server}:*`) &&
      !offered.some(({ label }) => isToolNamed(label, [pattern]))
    ) {
      throw usageError(
        `--allow-tool ${pattern} matches none of the tools`,
        `use one of these: ${offered.map(({ label }) => label).join(', ')}`,
      );
    }
  }
  const allowed = [...options.allowed, ...(settings['allow-tools'] ?? [])];
  const canAsk = ask !== undefined || services?.canAsk === true;
  return {
    offered,
    requestTools: [
      ...offered.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        name,
        description,
        parameters: sentSchema(parameters),
      })),
      ...options.serverTools,
    ],
    decide: createApprovals({ allowed, ask: ask ?? (canAsk ? (call) => askAtTerminal(call, services!) : undefined) }),
    asks: ({ label }) => canAsk && !isToolNamed(label, allowed),
    canAsk,
    limits: { timeoutMs: patienceMs, maxBytes: settings['tool-output'], parallel: PARALLEL_CALLS },
    maxSteps: settings['max-steps'],
  };
}

async function askAtTerminal(call: CheckedCall, services: ToolServices): Promise<Reply> {
  const preview = await call.tool?.preview?.(call.values).catch((error: Error) => `nothing: ${error.message}`);
  switch (await services.askKey(callQuestion(call, preview), 'yans')) {
    case 'y':
      return { type: 'once' };
    case 'a':
      return { type: 'always' };
    case 'n': {
      const word = await services.askWords('  a message to the model (Enter for none) › ');
      return word === undefined ? { type: 'stop' } : { type: 'refuse', word: word.trim() };
    }
    default:
      return { type: 'stop' };
  }
}
