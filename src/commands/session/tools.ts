import type { Candidate } from '../../core/session/suggestions.ts';
import { isToolNamed } from '../../core/tools/allow-patterns.ts';
import { serverTools } from '../../core/tools/server-tools.ts';
import { usageError } from '../../errors.ts';
import { openTools } from '../tools/open.ts';
import type { SlashRun, Session } from './session.ts';
import { NO_TOOLS, type ToolOptions } from '../tools/options.ts';

/** The API's web search, named like the value of the flag. */
const WEB = 'web';

/** Lists the tools that the model may call, offers more, allows one without asking, or removes all. */
export const runTools: SlashRun = async (session, rest) => {
  const [first, ...others] = rest.split(/[\s,]+/).filter((word) => word !== '');
  if (first === undefined) return printTools(session);
  const now = session.toolOptions ?? NO_TOOLS;
  if (first === '-') await offer(session, undefined);
  else if (first === 'allow') await offer(session, { ...now, allowed: [...now.allowed, ...allowedOf(others)] });
  else await offer(session, await withNames(session, now, [first, ...others]));
  printTools(session);
};

function allowedOf(names: readonly string[]): readonly string[] {
  if (names.length > 0) return names;
  throw usageError('no tool named', 'allow a tool to run without asking: /tools allow SERVER:TOOL');
}

async function withNames(session: Session, now: ToolOptions, names: readonly string[]): Promise<ToolOptions> {
  const servers = (await session.context.tools.open(session.settings)).servers.list();
  const add = (list: readonly string[], name: string): readonly string[] => (list.includes(name) ? list : [...list, name]);
  return names.reduce<ToolOptions>((options, name) => {
    if (name === WEB) {
      const [search] = serverTools({ web: true, serverTools: [] });
      const others = options.serverTools.filter(({ type }) => type !== search?.type);
      return { ...options, serverTools: [...others, ...(search === undefined ? [] : [search])] };
    }
    if (servers.has(name)) return { ...options, servers: add(options.servers, name) };
    return { ...options, tools: add(options.tools, name) };
  }, now);
}

/** Sets the offered tools. Questions about servers and files take the terminal from the conversation. */
async function offer(session: Session, options: ToolOptions | undefined): Promise<void> {
  const { settings, context } = session;
  const tools =
    options && (await session.withTerminal(() => openTools(options, settings, context, { isQuiet: session.options.isQuiet })));
  session.useTools(tools, options);
}

function printTools(session: Session): void {
  const { tools, toolOptions, settings } = session;
  if (tools === undefined) {
    session.printText('no tools; add some with /tools and the name of a server, one of your commands, or web');
    return;
  }
  const allowed = [...(toolOptions?.allowed ?? []), ...(settings['allow-tools'] ?? [])];
  for (const { label, description } of tools.offered) {
    const runs = isToolNamed(label, allowed) ? 'runs without asking' : 'asks first';
    session.printText(`${label} · ${runs} · ${description.split('\n')[0]}`, 'plain');
  }
  for (const { type } of toolOptions?.serverTools ?? []) session.printText(`${type} · run and charged by the API`, 'plain');
}

/** Returns stored servers and the words of /tools; after `allow`, the tools offered now. */
export function toolCandidates(session: Session, before: readonly string[]): readonly Candidate[] {
  const candidate = (insert: string, detail: string, isWhole = true): Candidate => ({
    insert,
    label: insert.trim(),
    detail,
    isWhole,
  });
  if (before.length > 0) {
    const labels = before[0] === 'allow' ? (session.tools?.offered ?? []) : [];
    return labels.map(({ label, description }) => candidate(label, description.split('\n')[0] ?? ''));
  }
  if (session.toolServers === undefined) {
    session.toolServers = [];
    session.context.lifetime.meanwhile(async () => {
      const { servers } = await session.context.tools.open(session.settings);
      session.toolServers = [...servers.list().keys()];
      session.screen.redraw('now');
    });
  }
  return [
    ...session.toolServers.map((name) => candidate(name, 'the tools of this server')),
    candidate(WEB, 'search the web: run and charged by the API'),
    candidate('allow ', 'run one without asking', false),
    candidate('-', 'offer none'),
  ];
}
