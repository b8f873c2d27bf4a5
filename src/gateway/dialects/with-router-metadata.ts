import { withMembers } from '../../text/json-members.ts';
import type { FieldValues } from './fields.ts';
import type { EncoderOptions } from './served-dialect.ts';

/** Returns a reply as JSON text with router metadata, if the client requests it. */
export function withRouterMetadata(reply: string, options: Pick<EncoderOptions, 'routerMetadata'>): string {
  const metadata = options.routerMetadata?.();
  return metadata === undefined ? reply : withMembers(reply, { openrouter_metadata: JSON.stringify(metadata) });
}

/** Returns the same as a field of a reply. */
export function routerMetadataField({ routerMetadata }: Pick<EncoderOptions, 'routerMetadata'>): FieldValues {
  const metadata = routerMetadata?.();
  return metadata === undefined ? {} : { openrouter_metadata: metadata };
}
