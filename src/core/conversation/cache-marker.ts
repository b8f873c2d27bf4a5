import { routedName } from '../model-id/direct-name.ts';
import type { CacheControl } from '../../apis/request-parameters.ts';

/** The smallest prompt that any model of Anthropic caches, in tokens: a marker on less does nothing, and costs nothing. */
const LEAST_TOKENS = 1024;

/**
 * The marker by which a model of Anthropic caches a prompt; all others do so unasked, or not at all. Writing to the cache costs a quarter more
 * than sending: it pays only where a further turn will read it, so a question that stands alone has none. Source: the API's guide to
 * prompt caching.
 */
export function cacheMarker(of: {
  model: string;
  promptTokens: () => number;
  isConversation: boolean;
}): CacheControl | undefined {
  const isMarked = /^~?anthropic\//.test(routedName(of.model.trim()).toLowerCase());
  return isMarked && of.isConversation && of.promptTokens() >= LEAST_TOKENS ? { type: 'ephemeral' } : undefined;
}
