import type { Annotation } from '../message.ts';
import { asObject, asText } from '../wire/wire-value.ts';

/** Decodes a citation in a text. Citations of documents refer to a place in an attached file, which has no URL. */
export function decodeCitation(value: unknown): Annotation | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  const apiData = { anthropic: wire };
  const url = webAddress(wire['url']) ?? webAddress(wire['source']);
  if (url === undefined) return { kind: 'other', apiData };
  const title = asText(wire['title']);
  return { kind: 'citation', url, ...(title !== undefined && { title }), apiData };
}

function webAddress(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && /^https?:\/\//i.test(text) ? text : undefined;
}
