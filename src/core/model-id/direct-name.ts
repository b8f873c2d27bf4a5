import { type DirectId, parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';

/**
 * The name that a model has in a catalogue of all authors: `anthropic:claude-sonnet-4-6` → `anthropic/claude-sonnet-4-6`. What a host serves of
 * others has the host's own name for it. A name that is not direct stays as it is.
 */
export function routedName(id: string): string {
  const direct = parseDirectId(id);
  if (direct === undefined) return id;
  const author = findVendor(direct.vendor)?.author;
  return author === undefined ? direct.model : `${author}/${direct.model}`;
}

/** Who is asked for a model: the vendor of a direct id; undefined: OpenRouter. */
export function vendorOf(id: string): string | undefined {
  return parseDirectId(id)?.vendor;
}

/** Whether a direct model that answered is the one that was asked for. Undefined where neither is direct. */
export function isSameDirect(
  asked: string,
  served: string,
  isSameSlug: (one: string, other: string) => boolean,
): boolean | undefined {
  const [one, other] = [parseDirectId(asked), parseDirectId(served)];
  if (one === undefined && other === undefined) return undefined;
  if (one === undefined || other === undefined || one.vendor !== other.vendor) return false;
  // A local server answers with whatever it has loaded, under a name of its own.
  if (findVendor(one.vendor)?.isLocal === true && one.vendor !== 'ollama') return true;
  const [a, b] = [plain(one), plain(other)];
  // `x-latest` stands for a model that the vendor picks.
  return a === b || a.endsWith('-latest') || isSameSlug(a, b);
}

/** Without what means nothing: the folder that Google puts in front, and the tag that Ollama adds. */
function plain({ model }: DirectId): string {
  return model
    .toLowerCase()
    .replace(/^models\//, '')
    .replace(/:latest$/, '');
}
