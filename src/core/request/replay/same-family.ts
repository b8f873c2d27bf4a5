import type { Message } from '../../../apis/message.ts';
import { vendorOf } from '../../model-id/direct-name.ts';
import { modelFamily } from '../../model-id/family.ts';
import { isSameName } from '../../model-id/served-model.ts';

/** Whether the model that gave this answer is of the same family as `model`. An answer that names no model counts as its own. */
export function isFromFamilyOf({ answeredBy }: Pick<Message, 'answeredBy'>, model: string): boolean {
  if (answeredBy === undefined || answeredBy === '') return true;
  // What one vendor signs or encrypts is its own: another way to the same model does not take it.
  if (vendorOf(answeredBy) !== vendorOf(model)) return false;
  if (isSameName(model, answeredBy)) return true;
  const [asked, served] = [reasoningFamily(model), reasoningFamily(answeredBy)];
  // A server of one's own may answer without the author.
  const isBare = !asked.includes('/') || !served.includes('/');
  return isBare ? slugOf(asked) === slugOf(served) : asked === served;
}

/** Models of OpenAI's older generations and its open ones do not take what the newer ones encrypt, though they are named alike. */
function reasoningFamily(id: string): string {
  const family = modelFamily(id);
  if (slugOf(family) !== 'gpt') return family;
  return `${family}-${/gpt-(\d+|oss)/i.exec(id)?.[1]?.toLowerCase() ?? ''}`;
}

function slugOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
