import { collectAnswer } from '../../core/answer/collect.ts';
import { chatRequest } from '../../core/request/chat-request.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import { OrxError } from '../../errors.ts';
import { errorText } from '../../output/text/error.ts';
import { moneyText } from '../../output/text/money.ts';
import { secondsText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { paidCost } from '../../paid-cost.ts';
import type { Context } from '../context.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { openChat } from '../turn/open.ts';

const QUESTION = 'Reply with OK.';
/** The smallest limit that all providers accept. */
const MOST_TOKENS = 16;
const TIMEOUT_MS = 30_000;

/**
 * Sends one short question to the default model with the key that was just stored. Prints which model answered and the cost. The
 * request is recorded and subject to budgets like any other. A failure is printed and changes nothing: the key stays stored.
 */
export async function askTestQuestion(key: string, context: Context): Promise<void> {
  const { stderr } = context.terminal.streams;
  const print = (text: string): void => void stderr.write(`${visibleLine(text)}\n`);
  // A login in the folder of a project asks the user's own model.
  const { values } = context.stores.resolveSettings({ 'project-file': false });
  // A vendor's model would use the vendor's key.
  const model = isDirect(values.model) ? SETTINGS.model.default : values.model;
  print(`Asking ${model} a test question (skip it with --no-test) …`);
  const { interrupt } = context.lifetime;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const settings = { ...values, model, fallback: undefined, system: undefined };
    const chat = await openChat('auth login', settings, context);
    const request = chatRequest([{ role: 'user', content: QUESTION }], settings, { maxTokens: MOST_TOKENS });
    const signal = AbortSignal.any([interrupt, timeout]);
    const { answer, error } = await collectAnswer(chat.stream(request, { signal }), () => undefined);
    printAccountingNotes(chat.accounting, context);
    if (error !== undefined) throw error;
    const cost = answer.usage === undefined ? undefined : paidCost(answer.usage);
    const duration = answer.metrics?.durationMs;
    print(
      [
        `${answer.model ?? model} answered`,
        ...(duration === undefined ? [] : [` in ${secondsText(duration)}`]),
        cost === undefined ? '; it did not state the cost' : ` for ${moneyText(cost)}`,
      ].join(''),
    );
  } catch (error) {
    interrupt.throwIfAborted();
    const reason = timeout.aborted ? new OrxError('no answer within 30 seconds', { kind: 'network' }) : error;
    stderr.write(
      `warning: the test question failed; the key stays stored\n${errorText(reason, { secrets: [...context.terminal.secrets, key], columns: stderr.columns || undefined })}`,
    );
    print('hint: ask again: orx chat "Reply with OK."');
  }
}
