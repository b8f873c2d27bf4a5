import { memberText, withMembers } from '../../text/json-members.ts';
import { type FieldValues, isFields } from './fields.ts';
import type { EncoderOptions } from './served-dialect.ts';

/** Returns a reply as JSON text with router metadata, if the client requests it. */
export function withRouterMetadata(reply: string, options: Pick<EncoderOptions, 'routerMetadata'>): string {
  const metadata = options.routerMetadata?.();
  return metadata === undefined ? reply : withMembers(reply, { openrouter_metadata: JSON.stringify(metadata) });
}

/**
 * Returns a failure that a vendor has reported as JSON text with more fields: in its `response` if it has one, else beside the error. OpenRouter's
 * own router metadata stays.
 */
export function withFailureFields(failure: string, more: FieldValues): string {
  if (!isObjectText(failure)) return failure;
  const response = memberText(failure, 'response');
  if (response !== undefined) return withMembers(failure, { response: withFailureFields(response, more) });
  const fields = Object.entries(more).filter(([name]) => memberText(failure, name) === undefined);
  return withMembers(failure, Object.fromEntries(fields.map(([name, value]) => [name, JSON.stringify(value)])));
}

/** Returns the same as a field of a reply. */
export function routerMetadataField({ routerMetadata }: Pick<EncoderOptions, 'routerMetadata'>): FieldValues {
  const metadata = routerMetadata?.();
  return metadata === undefined ? {} : { openrouter_metadata: metadata };
}

function isObjectText(text: string): boolean {
  try {
    return isFields(JSON.parse(text));
  } catch {
    return false;
  }
}
