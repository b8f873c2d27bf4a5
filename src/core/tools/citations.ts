import type { Annotation } from '../../apis/message.ts';

/** A source that an answer names. Untrusted. */
export type Citation = Pick<Extract<Annotation, { kind: 'citation' }>, 'url' | 'title'>;

/** The sources among an answer's annotations, each address once, in the order in which they came. Other annotations are left out. */
export function citationsOf(annotations: readonly Annotation[]): readonly Citation[] {
  const citations = new Map<string, Citation>();
  for (const annotation of annotations) {
    if (annotation.kind !== 'citation' || citations.has(annotation.url)) continue;
    citations.set(annotation.url, { url: annotation.url, title: annotation.title });
  }
  return [...citations.values()];
}
