import { type AskingJudge, openJudge } from '../../core/judge/ask-judge.ts';
import { judgeSender } from '../../core/judge/send-to-judge.ts';
import { routingPreferences } from '../../core/request/chat-request.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import type { Context } from '../context.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { findStoredModel } from '../stored-model.ts';
import { openChat } from '../turn/open.ts';

/** A judge, and where its requests are recorded. */
export interface OpenedJudge {
  judge: AskingJudge;
  /** Prints what there is to say about the ledger and the budgets since the last call. */
  printNotes: () => void;
}

/**
 * Opens a model, by any name of it, as a judge. Sends nothing to it, so a wrong name costs nothing. The judge's requests are those of
 * a separate command in the ledger, which separates the cost of judging.
 */
export async function openNamedJudge(
  name: string,
  settings: ChatSettings,
  context: Context,
  { conversation, isQuiet }: { conversation: string; isQuiet: boolean },
): Promise<OpenedJudge> {
  const [model = name] = await resolveNames([name], settings, context, { isQuiet });
  const { stream, accounting } = await openChat('judge', settings, context, { conversation, models: [model] });
  const parameters = (await findStoredModel(model, settings, context))?.supportedParameters;
  const judge = openJudge({
    model,
    send: judgeSender({ stream, signal: context.lifetime.interrupt }),
    // An empty list says nothing about what the model supports.
    supportedParameters: parameters?.length === 0 ? undefined : parameters,
    routing: privacyOf(settings),
  });
  return { judge, printNotes: () => printAccountingNotes(accounting, context, { isQuiet }) };
}

/** What the user decided about privacy holds for the judge too; which provider answers the lanes does not. */
export function privacyOf(settings: ChatSettings): ReturnType<typeof routingPreferences> {
  const { dataCollection, zeroDataRetention } = routingPreferences(settings);
  return { dataCollection, zeroDataRetention };
}
