import type { Annotation } from '../message.ts';
import { asObject, asObjects, asText } from '../wire/wire-value.ts';

/** Key in `apiData` of what only this API understands. */
const API = 'cohere';

/** Returns a citation as annotations: one for each document with a URL, or the citation as it came when none has a URL. */
export function decodeCohereCitation(value: unknown): readonly Annotation[] {
  const wire = asObject(value);
  if (wire === undefined) return [];
  const sources = asObjects(wire['sources']).flatMap((source): readonly Annotation[] => {
    const document = asObject(source['document']);
    const url = asText(document?.['url']);
    const title = asText(document?.['title']);
    if (url === undefined || !/^https?:\/\//i.test(url)) return [];
    return [{ kind: 'citation', url, ...(title !== undefined && { title }), apiData: { [API]: wire } }];
  });
  return sources.length > 0 ? sources : [{ kind: 'other', apiData: { [API]: wire } }];
}
