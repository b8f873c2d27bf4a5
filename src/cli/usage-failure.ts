import { nearestWord } from '../core/text/near-names.ts';
import { type OrxError, usageError } from '../errors.ts';
import { withoutKeys } from '../output/text/error.ts';

/** What commander says of a value that is none of those which a flag or an argument takes. */
const REFUSED = /^(.*(?:argument|value) '(.*)' is invalid.*)\. Allowed choices are (.+)\.$/s;

/** Where the complaint comes from. */
interface UsagePlace {
  command: string;
  takesPrompt: boolean;
  /** A flag stands before the name of the command. */
  isFlagFirst: boolean;
}

/**
 * Returns the usage error for a complaint of commander, which may end with a suggestion in parentheses. A key that was mistaken for an
 * argument is not repeated.
 */
export function usageFailure(text: string, { command, takesPrompt, isFlagFirst }: UsagePlace): OrxError {
  const [, complaint = '', suggestion] = /^(?:error: )?(.*?)\s*(?:\(Did you mean (.*)\?\))?\s*$/s.exec(withoutKeys(text)) ?? [];
  const meant = suggestion?.replace(/^one of /, '');
  const [, refused, given, choices] = REFUSED.exec(complaint) ?? [];
  if (refused !== undefined) {
    const near = nearestWord(given!.toLowerCase(), choices!.split(', '));
    return usageError(refused, ...(near === undefined ? [] : [`did you mean ${near}?`]), `allowed values: ${choices}`);
  }
  const isUnknown = complaint.includes('unknown option');
  const hints = [
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
    ...(isUnknown && isFlagFirst ? [`put the flags of a command after its name: orx ${command} --help`] : []),
    ...(isUnknown && takesPrompt && !isFlagFirst
      ? [`put a prompt that starts with - after --: orx ${command} -- "-5 + 3 = ?"`]
      : []),
  ];
  const help = `list the flags: orx ${command} --help`;
  return usageError(complaint.replace(/\.$/, ''), ...(hints.length === 0 ? [help] : hints));
}
