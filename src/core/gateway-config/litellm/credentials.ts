import { type Environment, fromEnvironment } from '../scalars.ts';
import { asFields, asNonEmptyText, type ConversionNotes, type LiteLlmFields } from './notes.ts';

/** The values of `credential_list` by their names. */
export type Credentials = ReadonlyMap<string, LiteLlmFields>;

/** Reads `credential_list`. */
export function readCredentials(given: unknown, notes: ConversionNotes): Credentials {
  const found = new Map<string, LiteLlmFields>();
  if (given === undefined || given === null) return found;
  if (!Array.isArray(given)) notes.add('credential_list: is not a list; it is not used');
  for (const one of Array.isArray(given) ? (given as unknown[]) : []) {
    const fields = asFields(one);
    const name = asNonEmptyText(fields?.['credential_name']);
    const values = asFields(fields?.['credential_values']);
    if (name === undefined || values === undefined)
      notes.add('credential_list: an item has no name or no values; it is not used');
    else found.set(name, values);
  }
  return found;
}

/**
 * Returns the settings of an entry with those of the credential that it names; its own win. Returns undefined, with a note, if the credential does
 * not exist: another key might belong to somebody else.
 */
export function withCredential(
  entry: string,
  { litellm_credential_name: given, ...params }: LiteLlmFields,
  credentials: Credentials,
  env: Environment,
  notes: ConversionNotes,
): LiteLlmFields | undefined {
  const named = asNonEmptyText(given);
  if (named === undefined) return params;
  const read = fromEnvironment(named, env);
  const values = 'value' in read ? credentials.get(read.value) : undefined;
  if (values !== undefined) return { ...values, ...params };
  const why = 'value' in read ? `credential_list has no ${read.value}` : read.problem;
  notes.add(`model_list ${entry}: litellm_credential_name: ${why}; this entry is not served`);
  return undefined;
}
