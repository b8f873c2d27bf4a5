import type { Message } from '../../../apis/message.ts';
import { vendorOf } from '../../model-id/direct-name.ts';
import { modelFamily } from '../../model-id/family.ts';
import { isSameName } from '../../model-id/served-model.ts';

/** Returns whether the model that gave this answer belongs to the same family as `model`. True if the answer names no model. */
export function isFromFamilyOf({ answeredBy }: Pick<Message, 'answeredBy'>, model: string): boolean {
  if (answeredBy === undefined || answeredBy === '') return true;
  // Signatures and encryption are specific to a vendor: another vendor of the same model rejects them.
  if (vendorOf(answeredBy) !== vendorOf(model)) return false;
  if (isSameName(model, answeredBy)) return true;
  const [asked, served] = [reasoningFamily(model), reasoningFamily(answeredBy)];
  // A self-hosted server may omit the author.
  const isBare = !asked.includes('/') || !served.includes('/');
  return isBare ? slugOf(asked) === slugOf(served) : asked === served;
}

/** OpenAI's older and open models do not accept what the newer ones encrypt, although their names are alike. */
function reasoningFamily(id: string): string {
  const family = modelFamily(id);
  if (slugOf(family) !== 'gpt') return family;
  return `${family}-${/gpt-(\d+|oss)/i.exec(id)?.[1]?.toLowerCase() ?? ''}`;
}

function slugOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
