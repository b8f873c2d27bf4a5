import type { Message } from '../../apis/message.ts';
import { messageText } from '../../apis/message.ts';
import type { LanePlan, VariedValue } from '../../core/compare/lane-plan.ts';
import type { CompareState, Lane } from '../../core/compare/state.ts';
import { rankLanes } from '../../core/compare/ranking.ts';
import type { RankMeasure } from '../../core/statistics/rank-measures.ts';
import { finishedAnswer } from '../../core/conversation/finished-answer.ts';
import { titleOf } from '../../core/conversation/title.ts';
import type { Quality } from '../../core/statistics/quality.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { laneName } from '../../output/compare/lane.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { write } from '../../output/text/write-stream.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import type { Context } from '../context.ts';
import { terminalFacts } from '../is-drawable.ts';
import type { SettingFlags } from '../register.ts';

/** How long to wait for a key, so that a script on an unattended terminal continues. */
const WAIT_MS = 120_000;
/** Keys 1 to 9. */
const MOST_KEYS = 9;

/** A finished comparison, and what a conversation that continues it needs. */
export interface Compared {
  state: CompareState;
  /** What each lane sent, in the order of the state's lanes. */
  plans: readonly LanePlan[];
  rankBy: RankMeasure;
  /** For a ranking by quality: those of the lanes, by number. */
  qualities?: ReadonlyMap<number, Quality> | undefined;
  settings: ChatSettings;
  flags: SettingFlags;
  /** The label of the comparison's requests in the ledger, which becomes the id of the conversation. */
  conversation: string;
}

/**
 * Offers to continue with one of the answers: the keys 1 to 9 select it, in the order of the ranking. Any other key, or two
 * minutes without a key, ends the offer. Resolves to the exit code of the conversation; 0 without one.
 */
export async function offerToContinue(compared: Compared, context: Context): Promise<number> {
  const { state, rankBy, qualities, settings } = compared;
  const { streams, openSessionServices } = context.terminal;
  const answered = rankLanes(state, rankBy, qualities)
    .flatMap(({ runs }) => runs)
    .filter(({ state: how, answer }) => how === 'done' && answer.text !== '')
    .slice(0, MOST_KEYS);
  const { hasKeyboard, stdout } = terminalFacts(context);
  if (answered.length === 0 || !settings.history || !hasKeyboard || !stdout.isAnimated) return 0;
  const names = answered.map((lane, index) => `${index + 1} ${laneName(lane, state.lanes)}`);
  const question = wrapWords(`continue with: ${names.join(' · ')} · any other key ends`, streams.stdout.columns).join('\n');
  streams.stdin.ref();
  const services = await openSessionServices();
  const key = await services.pressKey(`\n${question} `, AbortSignal.timeout(WAIT_MS));
  const lane = /^[1-9]$/.test(key ?? '') ? answered[Number(key) - 1] : undefined;
  return lane === undefined ? 0 : continueWith(lane, compared, context);
}

/** Prints how to be asked, after a comparison during which no key was pressed. */
export async function tellHowToContinue(state: CompareState, settings: ChatSettings, context: Context): Promise<number> {
  const { themeOf, streams } = context.terminal;
  const { hasKeyboard } = terminalFacts(context);
  if (!settings.history || !hasKeyboard || state.lanes.every(({ answer }) => answer.text === '')) return 0;
  const hint = 'to continue with an answer, press a key while the answers stream';
  const text = wrapWords(hint, streams.stdout.columns).join('\n');
  await write(styled(streams.stdout), `\n${themeOf(streams.stdout).paint(['dim'], text)}\n`);
  return 0;
}

/** A varied template or prompt is part of the stored conversation; everything else is a setting of its next requests. */
function isSetting({ key }: VariedValue): boolean {
  return key !== 'template' && key !== 'prompt';
}

/** Stores the prompt and this answer as a conversation, and opens it. */
async function continueWith(lane: Lane, compared: Compared, context: Context): Promise<number> {
  const { state, plans, settings, flags: given, conversation } = compared;
  const plan = plans[state.lanes.indexOf(lane)]!;
  const [{ content }] = plan.messages as [Message];
  const flags = { ...given, ...Object.fromEntries(plan.varied.filter(isSetting).map(({ key, text }) => [key, text])) };
  const { clock, files, stores, terminal } = context;
  const at = clock.now();
  const store = await stores.for(settings).openConversations();
  const { answer } = store.begin(
    {
      id: conversation,
      title: titleOf(messageText({ content })),
      createdAt: at,
      model: lane.model,
      system: plan.settings.system,
      project: files.projectFolder(),
      profile: settings.profile,
    },
    [{ at, message: { role: 'user', content } }],
    at,
  );
  store.finish(answer, finishedAnswer(lane.answer, { isComplete: true, model: lane.model, tools: [] }));
  terminal.streams.stdin.ref();
  const [{ runChat }, { conversationOptions }] = await Promise.all([import('../chat/run.ts'), import('../chat/options.ts')]);
  const options = conversationOptions(flags, settings, terminalFacts(context));
  return runChat({ ...options, choice: { ...options.choice, session: conversation } }, context);
}
