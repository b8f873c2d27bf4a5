import type { ClientKey } from '../../storage/client-keys.ts';
import { badRequest } from '../bad-request.ts';

const MOST_TAGS = 32;
const LONGEST_TAG = 128;
const SEPARATOR = ',';

/**
 * Returns the tags of a request, sorted by text: those of the key, of a header (separated by commas), and of the
 * body. Throws status 400 for too many tags, and for one that is too long.
 */
export function callerTags(
  key: ClientKey | undefined,
  headerTags: string | undefined,
  bodyTags: readonly string[],
): readonly string[] {
  const own = key?.tags ?? [];
  const more = [headerTags ?? '', ...bodyTags];
  if (more.length === 1 && more[0] === '') return own;
  const asked = more
    .flatMap((text) => text.split(SEPARATOR))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const tags = [...new Set([...own, ...asked])].sort();
  if (tags.length > MOST_TAGS) throw badRequest(`too many tags: ${tags.length} (maximum ${MOST_TAGS})`);
  if (tags.some((tag) => tag.length > LONGEST_TAG)) throw badRequest(`a tag is too long (maximum ${LONGEST_TAG} characters)`);
  return tags;
}
