import type { CompletionEvent } from '../../src/apis/completion.ts';
import type { DecodeOptions, Dialect, WireItem } from '../../src/apis/dialect.ts';
import type { Vendor } from '../../src/apis/vendors.ts';
import { decodeAnswer } from '../../src/apis/wire/decode-answer.ts';

/** Decodes a reply of a vendor in the vendor's dialect and returns its events. */
export function decodeWith(
  { decoder }: Pick<Dialect, 'decoder'>,
  batches: AsyncIterable<readonly WireItem[]>,
  options: DecodeOptions,
  vendor: Vendor,
): AsyncGenerator<CompletionEvent, void, undefined> {
  return decodeAnswer(batches, options, decoder(options, vendor));
}
