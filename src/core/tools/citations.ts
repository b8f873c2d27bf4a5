import type { Annotation } from '../../apis/message.ts';

/** A source that an answer cites. Untrusted. */
export type Citation = Pick<Extract<Annotation, { kind: 'citation' }>, 'url' | 'title'>;

/** Returns the citations among an answer's annotations, each URL once, in their original order. */
export function citationsOf(annotations: readonly Annotation[]): readonly Citation[] {
  const citations = new Map<string, Citation>();
  for (const annotation of annotations) {
    if (annotation.kind !== 'citation' || citations.has(annotation.url)) continue;
    citations.set(annotation.url, { url: annotation.url, title: annotation.title });
  }
  return [...citations.values()];
}
