import { clean } from '../sqlite/clean-text.ts';

/** The vendor of entries without one: the only API when entries did not contain it. */
const FIRST_API = 'openrouter';
const DIRECT_MODEL = /^([a-z][a-z0-9-]*):/;
const SEPARATOR = ',';

/** Returns the vendor of a model by its name alone, for entries of an older orx. */
export function vendorIn(requestedModel: string): string {
  return DIRECT_MODEL.exec(requestedModel)?.[1] ?? FIRST_API;
}

/** Returns tags as one label of an entry, so that entries with the same tags form one group. Undefined for none. */
export function tagsText(tags: readonly string[] | undefined): string | undefined {
  const all = soundTags(tags);
  return all?.join(SEPARATOR);
}

/** Returns the tags of a label. */
export function tagsIn(text: string | undefined): readonly string[] | undefined {
  return text === undefined || text === '' ? undefined : text.split(SEPARATOR);
}

/** Returns the distinct tags, sorted and without commas. Undefined if there are none, or if the value is not a list of texts. */
export function soundTags(tags: unknown): readonly string[] | undefined {
  if (!Array.isArray(tags)) return undefined;
  const texts = tags.filter((tag) => typeof tag === 'string').flatMap((tag) => clean(tag).split(SEPARATOR));
  const sound = [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))];
  return sound.length === 0 ? undefined : sound.sort();
}
