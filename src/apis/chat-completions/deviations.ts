import { type ChatDeviations, UNKNOWN_HOST } from '../chat-deviations.ts';
import type { Vendor } from '../vendors.ts';

/** Returns how this model of this vendor deviates from OpenAI's chat completions. */
export function deviationsOf({ deviations = UNKNOWN_HOST }: Vendor, model: string): ChatDeviations {
  const name = model.toLowerCase();
  const own = deviations.models?.find(({ pattern }) => pattern.test(name))?.deviations;
  return own === undefined ? deviations : { ...deviations, ...own };
}
