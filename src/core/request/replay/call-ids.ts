import { routedName } from '../../model-id/direct-name.ts';

/** The ids that most providers accept, and the ids that Mistral accepts. */
const ACCEPTED = /^[\w-]{1,40}$/;
const ACCEPTED_BY_MISTRAL = /^[A-Za-z0-9]{9}$/;

/**
 * Returns the id of a call in a form that the provider of `model` accepts; the same id always gives the same result. Ids of the same model
 * family stay unchanged: some providers read them.
 */
export function acceptedId(id: string, { model, isForeign }: { model: string; isForeign: boolean }): string {
  if (/^~?mistralai\//i.test(routedName(model.trim()))) return ACCEPTED_BY_MISTRAL.test(id) ? id : hashText(id);
  return isForeign && !ACCEPTED.test(id) ? `call_${hashText(id)}` : id;
}

/** Returns the id, with a number appended if it is empty or already in `taken`, and adds it to `taken`. */
export function uniqueId(id: string, taken: Set<string>): string {
  let unique = id;
  for (let number = 2; unique === '' || taken.has(unique); number += 1) unique = `${id === '' ? 'call' : id}_${number}`;
  taken.add(unique);
  return unique;
}

/** Returns a hash of nine letters and digits. */
function hashText(text: string): string {
  let [one, other] = [0x811c9dc5, 0x1000193];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    one = Math.imul(one ^ code, 0x01000193) >>> 0;
    other = Math.imul(other + code, 0x85ebca6b) >>> 0;
  }
  return (one.toString(36) + other.toString(36)).padEnd(9, '0').slice(0, 9);
}
