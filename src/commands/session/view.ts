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
import { completeMention } from './mention-menu.ts';
import type { Session } from './session.ts';
import { completeArgument } from './slash.ts';

/** So long no key was pressed when the typed message is estimated. */
const IDLE_MS = 250;
/** Tokens that the frame of a message adds. */
const FRAME_TOKENS = 4;
/** Of a longer message the estimate is a multiple of that of its beginning. */
const MOST_ESTIMATED = 100_000;

/** What is to be drawn below the transcript. */
export function sessionView(session: Session): SessionView {
  return {
    tail: rowLines(session.feed?.take(session.context.terminal.streams.stdout.rows).tail ?? []),
    waiting: session.waiting?.(),
    prose: session.prose,
    queue: session.queue,
    input: session.input,
    menu: offered(session.input, editorContext(session)),
    status: { facts: session.facts, hints: hints(session) },
  };
}

/** What the prompt has to know to understand a key. */
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
  if (session.hasRunningTools) return ['ctrl-c stops the tools, again the answer'];
  return session.queue.length > 0 ? ['esc takes the queued message back', 'ctrl-c stop'] : ['esc stop', 'enter queues'];
}

/**
 * Returns what is called when the typed message may have changed: it estimates the cost of sending it once no key was pressed for a moment, so
 * that no key waits for it.
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
    // What was sent is not typed any more.
    if (session.input.editor.cells.length === 0) return update(undefined);
    timer = setTimeout(() => update(promptCostText(session)), IDLE_MS);
    timer.unref();
  };
}

/** `≈ $0.00012 to send`: input tokens of the message and the conversation before it, at the stored price of the model. */
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
