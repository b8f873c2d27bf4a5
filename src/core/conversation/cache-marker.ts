import { routedName } from '../model-id/direct-name.ts';
import type { CacheControl } from '../../apis/request-parameters.ts';

/** The smallest prompt in tokens that any Anthropic model caches. A marker on a shorter one has no effect and costs nothing. */
const LEAST_TOKENS = 1024;

/**
 * Returns the marker that makes an Anthropic model cache a prompt; other models cache automatically or not at all. Writing to the cache costs a
 * quarter more than sending, which pays only if a later turn reads it: a single question gets no marker. Source: the API's guide to prompt
 * caching.
 */
export function cacheMarker(of: {
  model: string;
  promptTokens: () => number;
  isConversation: boolean;
}): CacheControl | undefined {
  const isMarked = /^~?anthropic\//.test(routedName(of.model.trim()).toLowerCase());
  return isMarked && of.isConversation && of.promptTokens() >= LEAST_TOKENS ? { type: 'ephemeral' } : undefined;
}
