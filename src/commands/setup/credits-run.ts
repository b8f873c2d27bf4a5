import { capability } from '../../apis/api.ts';
import { withManagementKey } from '../../core/managed-keys/management-key.ts';
import { creditsFields, creditsJson } from '../../output/setup/credits.ts';
import { fieldText } from '../../output/setup/key.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { showJson } from '../show-table.ts';
import { type CreditsOptions, parseCredits } from './auth-options.ts';

/** `orx credits`: prints what the account has bought, used and left. Throws if there is no key or the API rejects it. */
export const showCredits = { parse: parseCredits, run: runCredits };

async function runCredits({ settings, isJson }: CreditsOptions, context: Context): Promise<number> {
  const api = await context.apis.for(withManagementKey(settings, context.env)).open({ requireKey: true });
  const credits = await capability(api, 'account').getCredits({ signal: context.lifetime.interrupt });
  if (isJson) await showJson(context, [], creditsJson(credits, settings.sandbox));
  else await write(context.terminal.streams.stdout, fieldText(creditsFields(credits, settings.sandbox)));
  return 0;
}
