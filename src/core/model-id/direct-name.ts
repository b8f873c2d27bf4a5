import { type DirectId, parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';

/**
 * Returns the name that a direct model has in OpenRouter's catalogue: `anthropic:claude-sonnet-4-6` → `anthropic/claude-sonnet-4-6`. A host that
 * serves other authors' models has names of its own for them. Returns other names unchanged.
 */
export function routedName(id: string): string {
  const direct = parseDirectId(id);
  if (direct === undefined) return id;
  const author = findVendor(direct.vendor)?.author;
  return author === undefined ? direct.model : `${author}/${direct.model}`;
}

/** Returns the vendor of a direct id. Undefined for any other name: the request goes to OpenRouter. */
export function vendorOf(id: string): string | undefined {
  return parseDirectId(id)?.vendor;
}

/** Returns whether the direct model that answered is the requested one. Undefined if neither name is direct. */
export function isSameDirect(
  asked: string,
  served: string,
  isSameSlug: (one: string, other: string) => boolean,
): boolean | undefined {
  const [one, other] = [parseDirectId(asked), parseDirectId(served)];
  if (one === undefined && other === undefined) return undefined;
  if (one === undefined || other === undefined || one.vendor !== other.vendor) return false;
  // A local server answers with the model that it has loaded, under its own name.
  if (findVendor(one.vendor)?.isLocal === true && one.vendor !== 'ollama') return true;
  const [a, b] = [plain(one), plain(other)];
  // `x-latest` is an alias that the vendor resolves.
  return a === b || a.endsWith('-latest') || isSameSlug(a, b);
}

/** Removes what does not identify the model: the folder that Google prepends and the tag that Ollama appends. */
function plain({ model }: DirectId): string {
  return model
    .toLowerCase()
    .replace(/^models\//, '')
    .replace(/:latest$/, '');
}
