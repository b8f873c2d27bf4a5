import type { ConnectionSettings, RequestSettings } from '../../core/settings/groups.ts';
import { filledShare } from '../../core/conversation/context-use.ts';
import { contextText } from '../../output/models/text.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { moneyText } from '../../output/text/money.ts';
import { nameWithoutAuthor } from '../../output/text/model-name.ts';
import type { ContextUse } from '../../core/conversation/context-use.ts';
import type { Tally } from './tally.ts';

/** From here on a full context is worth a word. */
const NEARLY_FULL = 0.8;

/** Model, cost so far, context used: what matters most comes first. */
export function sessionFacts(session: {
  settings: RequestSettings & Pick<ConnectionSettings, 'sandbox'>;
  tally: Tally;
  contextUse: () => ContextUse;
}): readonly string[] {
  const use = session.contextUse();
  const share = filledShare(use);
  const full = share !== undefined && share > NEARLY_FULL ? ` (${Math.round(share * 100)} %)` : '';
  const context = `${contextText(use.used)} of ${use.contextLength === undefined ? '?' : contextText(use.contextLength)}${full}`;
  const unknown = session.tally.unknown === 0 ? '' : ' and more';
  const model = withSandboxLabel(nameWithoutAuthor(session.settings.model), session.settings.sandbox);
  return [model, `${moneyText(session.tally.cost)}${unknown} so far`, context];
}
