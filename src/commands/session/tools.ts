import type { Candidate } from '../../core/session/suggestions.ts';
import { isNamed } from '../../core/tools/allow-patterns.ts';
import { serverTools } from '../../core/tools/server-tools.ts';
import { usageError } from '../../errors.ts';
import { openTools } from '../tools/open.ts';
import type { SlashRun, TalkSession } from './session.ts';
import { NO_TOOLS, type ToolOptions } from '../tools/options.ts';

/** The search of the API, by the word that the flag has. */
const WEB = 'web';

/** Lists what a model may call, offers more, allows one unasked, or takes all away. */
export const runTools: SlashRun = async (talk, rest) => {
  const [first, ...others] = rest.split(/[\s,]+/).filter((word) => word !== '');
  if (first === undefined) return sayTools(talk);
  const now = talk.toolOptions ?? NO_TOOLS;
  if (first === '-') await offer(talk, undefined);
  else if (first === 'allow') await offer(talk, { ...now, allowed: [...now.allowed, ...allowedOf(others)] });
  else await offer(talk, await withNames(talk, now, [first, ...others]));
  sayTools(talk);
};

function allowedOf(names: readonly string[]): readonly string[] {
  if (names.length > 0) return names;
  throw usageError('allow which tool to run unasked?', 'such as: /tools allow files:read_file');
}

async function withNames(talk: TalkSession, now: ToolOptions, names: readonly string[]): Promise<ToolOptions> {
  const servers = (await talk.context.openToolDesk(talk.settings)).servers.list();
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

/** Questions about servers and files are asked where the conversation is not. */
async function offer(talk: TalkSession, options: ToolOptions | undefined): Promise<void> {
  const { settings, context } = talk;
  const tools = options && (await talk.outside(() => openTools(options, settings, context, { isQuiet: talk.options.isQuiet })));
  talk.useTools(tools, options);
}

function sayTools(talk: TalkSession): void {
  const { tools, toolOptions, settings } = talk;
  if (tools === undefined) {
    talk.say('no tools are offered; /tools and the name of a server, of a command of yours, or web offers some');
    return;
  }
  const allowed = [...(toolOptions?.allowed ?? []), ...(settings['allow-tools'] ?? [])];
  for (const { label, description } of tools.offered) {
    const runs = isNamed(label, allowed) ? 'runs unasked' : 'asks first';
    talk.say(`${label} · ${runs} · ${description.split('\n')[0]}`, 'plain');
  }
  for (const { type } of toolOptions?.serverTools ?? []) talk.say(`${type} · run and billed by the API`, 'plain');
}

/** Servers that are kept, the words of /tools, and after `allow` what is offered now. */
export function toolCandidates(talk: TalkSession, before: readonly string[]): readonly Candidate[] {
  const candidate = (insert: string, detail: string, isWhole = true): Candidate => ({
    insert,
    label: insert.trim(),
    detail,
    isWhole,
  });
  if (before.length > 0) {
    const labels = before[0] === 'allow' ? (talk.tools?.offered ?? []) : [];
    return labels.map(({ label, description }) => candidate(label, description.split('\n')[0] ?? ''));
  }
  if (talk.toolServers === undefined) {
    talk.toolServers = [];
    talk.context.meanwhile(async () => {
      const { servers } = await talk.context.openToolDesk(talk.settings);
      talk.toolServers = [...servers.list().keys()];
      talk.screen.redraw('now');
    });
  }
  return [
    ...talk.toolServers.map((name) => candidate(name, 'the tools of this server')),
    candidate(WEB, 'search the web: the API does it and bills it'),
    candidate('allow ', 'let one run unasked', false),
    candidate('-', 'offer none'),
  ];
}
