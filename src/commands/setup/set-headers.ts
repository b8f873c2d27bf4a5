import { type ExtraHeader, parseExtraHeader, storedWith, unsentHeaders } from '../../core/settings/headers/extra-headers.ts';
import { OrxError, usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { type ChangedProfile, changeProfile } from './change-profile.ts';
import type { SetHeadersOptions } from './config-options.ts';

/** Stores headers for one server, in the place of those that were stored for it. */
export async function setHeaders(
  { origin, headers }: SetHeadersOptions,
  profile: ChangedProfile | undefined,
  context: Context,
): Promise<void> {
  const given = headers ?? (await readHeaders(context));
  if (profile !== undefined)
    await changeProfile(context, profile.name, (values) => ({
      ...values,
      headers: storedWith(values['headers'], given, origin),
    }));
  else await (await context.stores.openSettings()).update('headers', (stored) => storedWith(stored, given, origin));
}

/** Reads headers from standard input, where other processes cannot read them. */
async function readHeaders(context: Context): Promise<readonly ExtraHeader[]> {
  const text = (await context.terminal.readStdin({ words: ['-'], isQuiet: true })) ?? '';
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw usageError('no header on standard input', 'pipe one in each line: pass show gateway | orx config set headers -');
  return lines.map(parseExtraHeader);
}

/** Prints a warning if none of the headers in force is for the base URL in force. Settings that cannot be read are reported elsewhere. */
export function warnOfOtherServer(context: Context): void {
  const text = headersForOthers(context);
  if (text !== undefined) context.terminal.streams.stderr.write(`${visibleLine(`warning: ${text}; ${SET_AGAIN}`)}\n`);
}

const SET_AGAIN = 'set them for this one: orx config set headers "NAME: VALUE"';

function headersForOthers({ stores }: Context): string | undefined {
  try {
    return unsentHeaders(stores.resolveSettings({}).values);
  } catch (error) {
    if (error instanceof OrxError) return undefined;
    throw error;
  }
}
