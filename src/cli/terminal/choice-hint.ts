import { nearestWord } from '../../core/text/near-names.ts';

/** What commander says of a value that is none of those which a flag or a word takes. */
const REFUSED = /(?:argument|value) '(.*)' is invalid.*Allowed choices are (.+)\.\s*$/s;

/** A line with the value that may have been meant; empty where commander says something else, or none is near. */
export function choiceHint(text: string): string {
  const [, given, choices] = REFUSED.exec(text) ?? [];
  const near = given === undefined ? undefined : nearestWord(given.toLowerCase(), choices!.split(', '));
  return near === undefined ? '' : `  did you mean ${near}?\n`;
}
