import { changedTools, withSeen } from '../../core/tools/seen-tools.ts';
import { toolsJson, toolsTable } from '../../output/tools/mcp-table.ts';
import { secondsText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { connectAgreed } from './agree.ts';
import type { Context } from '../context.ts';
import { parseTest, type TestOptions } from './mcp-options.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx mcp test` */
export const testServer = { parse: parseTest, run: runTest };

async function runTest({ settings, name, isJson, agrees }: TestOptions, context: Context): Promise<number> {
  const services = await context.tools.open(settings);
  const startedAt = context.clock.monotonic();
  const { connection, seen } = await connectAgreed(name, services, settings['tool-timeout'] * 1000);
  const tookMs = context.clock.monotonic() - startedAt;
  const { tools, title, skipped, notes } = connection;
  const changed = new Set(changedTools(tools, seen).map(({ label }) => label));
  if (agrees) {
    await services.servers.update(name, (entry) => entry && { ...entry, seen: withSeen(undefined, tools) });
  }
  if (isJson) {
    await showJson(context, [], {
      name,
      title,
      duration_ms: Math.round(tookMs),
      tools: toolsJson(tools, changed),
      unusable: skipped.map((tool) => tool.name),
      skipped,
      notes,
    });
    return 0;
  }
  const { stderr } = context.terminal.streams;
  if (tools.length > 0) await showTable(context, { isSandbox: false, notes: [], table: () => toolsTable(tools, changed) });
  for (const { name: tool, reason } of skipped) stderr.write(`${visibleLine(`skipped: ${tool} (${reason})`)}\n`);
  stderr.write(
    `${visibleLine(title)} answered in ${secondsText(tookMs)} with ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}\n`,
  );
  for (const note of notes) stderr.write(`${visibleLine(note)}\n`);
  if (changed.size > 0 && !agrees) {
    stderr.write(
      `new or changed since you let them be offered: ${[...changed].join(', ')}\n  agree to them: orx mcp test ${name} --agree\n`,
    );
  }
  return 0;
}
