import { completeSlash, type Suggestions } from '../../core/session/suggestions.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { effectivePricing } from '../../core/price/effective.ts';
import { type Editor, editorText } from '../../core/session/editor.ts';
import { estimateTokens } from '../../core/tokens/estimate-tokens.ts';
import { moneyText } from '../../output/text/money.ts';
import { offered, type EditorContext } from '../../core/session/input.ts';
import { rowLines } from '../../ui/session/transcript-lines.ts';
import { verticalPlace } from '../../ui/session/editor-rows.ts';
import { promptWidth, type SessionView } from '../../ui/session/frame.ts';
import { completeMention } from './mentions/mention-menu.ts';
import type { Session } from './session.ts';
import { completeArgument } from './slash.ts';

/** The idle time after a key before the cost of the typed message is estimated. */
const IDLE_MS = 250;
/** The tokens that each message adds to those of its text. */
const FRAME_TOKENS = 4;
/** The most characters that are estimated; a longer message is extrapolated from its beginning. */
const MOST_ESTIMATED = 100_000;

/** Returns what to draw below the transcript. */
export function sessionView(session: Session): SessionView {
  return {
    tail: rowLines(session.feed?.tail(session.context.terminal.streams.stdout.rows) ?? []),
    waiting: session.waiting?.(),
    prose: session.prose,
    queue: session.queue,
    input: session.input,
    menu: offered(session.input, editorContext(session)),
    status: { facts: session.facts, hints: hints(session) },
  };
}

/** Returns what the prompt needs to interpret a key. */
export function editorContext(session: Session): EditorContext {
  return {
    isBusy: session.isBusy,
    hasQueue: session.queue.length > 0,
    complete: (before): Suggestions | undefined =>
      completeSlash(before, session.commands, completeArgument(session)) ?? completeMention(session, before),
    vertical: (editor: Editor, step) =>
      verticalPlace(editor, step, promptWidth(session.context.terminal.streams.stdout.columns, session.prose)),
  };
}

function hints(session: Session): readonly string[] {
  if (!session.isBusy) return ['/ commands', '@ attach', 'ctrl-d quit'];
  if (session.hasRunningTools) return ['ctrl-c stops the tools, then the answer'];
  return session.queue.length > 0 ? ['esc takes the queued message back', 'ctrl-c stop'] : ['esc stop', 'enter queues'];
}

/**
 * Returns a function to call when the typed message may have changed. After a pause without keys, it estimates the cost of
 * sending the message, so that no key waits for the estimate.
 */
export function createPromptEstimate(session: Session): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = (cost: string | undefined): void => {
    if (cost === session.promptCost) return;
    session.promptCost = cost;
    session.refresh();
    session.screen.redraw('soon');
  };
  return () => {
    clearTimeout(timer);
    // The message was sent, so nothing is typed.
    if (session.input.editor.cells.length === 0) return update(undefined);
    timer = setTimeout(() => update(promptCostText(session)), IDLE_MS);
    timer.unref();
  };
}

/**
 * Returns, for example, `≈ $0.00012 to send`: the input tokens of the message and the conversation before it, at the stored price
 * of the model.
 */
function promptCostText(session: Session): string | undefined {
  const { input, settings, models, context } = session;
  const text = editorText(input.editor);
  const model = findListed(settings.model, models);
  if (text.trim() === '' || text.startsWith('/') || model === undefined) return undefined;
  const counted = text.slice(0, MOST_ESTIMATED);
  const typed = Math.ceil((estimateTokens(counted) * text.length) / counted.length);
  const promptTokens = session.contextUse().used + typed + FRAME_TOKENS;
  const { prompt } = effectivePricing(model.pricing, { promptTokens, at: new Date(context.clock.now()) });
  if (prompt === undefined || prompt === 'varies') return undefined;
  return prompt.eq(0) ? 'free to send' : `≈ ${moneyText(prompt.times(promptTokens))} to send`;
}
