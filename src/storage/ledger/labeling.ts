import { clean } from '../sqlite/clean-text.ts';

/** Who was asked where nobody said: the API that was the only one when entries did not say. */
const FIRST_API = 'openrouter';
const DIRECT_MODEL = /^([a-z][a-z0-9-]*):/;
const SEPARATOR = ',';

/** Who is asked for a model, by its name alone: for entries of an older orx. */
export function vendorIn(requestedModel: string): string {
  return DIRECT_MODEL.exec(requestedModel)?.[1] ?? FIRST_API;
}

/** Tags as one label of an entry, so that entries with the same ones are one group. Undefined for none. */
export function tagsText(tags: readonly string[] | undefined): string | undefined {
  const all = soundTags(tags);
  return all?.join(SEPARATOR);
}

/** The tags of a label. */
export function tagsIn(text: string | undefined): readonly string[] | undefined {
  return text === undefined || text === '' ? undefined : text.split(SEPARATOR);
}

/** Distinct tags in order, none with a comma in it. Undefined for none, and for what is no list of texts. */
export function soundTags(tags: unknown): readonly string[] | undefined {
  if (!Array.isArray(tags)) return undefined;
  const texts = tags.filter((tag) => typeof tag === 'string').flatMap((tag) => clean(tag).split(SEPARATOR));
  const sound = [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))];
  return sound.length === 0 ? undefined : sound.sort();
}
