import { nearestWord } from '../core/text/near-names.ts';
import { type OrxError, usageError } from '../errors.ts';
import { withoutKeys } from '../output/text/error.ts';

/** commander's messages for a value that is not among the choices of an argument or of a flag, and for a flag without its value. */
const REFUSED_ARGUMENT =
  /^command-argument value '(?<value>.*)' is invalid for argument '(?<place>.*)'\. Allowed choices are (?<choices>.+)\.$/s;
const REFUSED_OPTION = /^option '(?<place>.*?)' argument '(?<value>.*)' is invalid\. Allowed choices are (?<choices>.+)\.$/s;
const MISSING_VALUE = /^option '(.*)' argument missing$/s;

/** Where the error occurred. */
interface UsagePlace {
  command: string;
  takesPrompt: boolean;
  /** A flag comes before the name of the command. */
  isFlagFirst: boolean;
}

/**
 * Converts an error message of commander, which may end with a suggestion in parentheses, to a usage error. Does not repeat a key
 * that was mistaken for an argument.
 */
export function usageFailure(text: string, { command, takesPrompt, isFlagFirst }: UsagePlace): OrxError {
  const [, complaint = '', suggestion] = /^(?:error: )?(.*?)\s*(?:\(Did you mean (.*)\?\))?\s*$/s.exec(withoutKeys(text)) ?? [];
  const meant = suggestion?.replace(/^one of /, '');
  const refused = REFUSED_OPTION.exec(complaint)?.groups ?? REFUSED_ARGUMENT.exec(complaint)?.groups;
  if (refused !== undefined) {
    const { place, value = '', choices = '' } = refused;
    const near = nearestWord(value.toLowerCase(), choices.split(', '));
    const message = `invalid value '${value}' for '${place}'`;
    return usageError(message, ...(near === undefined ? [] : [`did you mean ${near}?`]), `allowed values: ${choices}`);
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
  return usageError(
    complaint.replace(/\.$/, '').replace(MISSING_VALUE, "missing value for '$1'"),
    ...(hints.length === 0 ? [help] : hints),
  );
}
