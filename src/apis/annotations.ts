import type { Annotation } from './message.ts';

/**
 * Annotations of an answer in OpenRouter's form, which the gateway and `--json` also use. What has no field in orx stays in
 * `apiData`.
 */
const API = 'openrouter';

/** Skips items that are not objects. */
export function decodeAnnotations(wire: readonly unknown[]): readonly Annotation[] {
  return wire.map(decodeAnnotation).filter((annotation) => annotation !== undefined);
}

function decodeAnnotation(wire: unknown): Annotation | undefined {
  if (!isObject(wire)) return undefined;
  const apiData = { [API]: wire };
  const citation = wire['url_citation'];
  if (isObject(citation) && typeof citation['url'] === 'string' && citation['url'] !== '') {
    const { url, title } = citation;
    return { kind: 'citation', url, ...(typeof title === 'string' && title.trim() !== '' && { title }), apiData };
  }
  return { kind: wire['type'] === 'file' ? 'file' : 'other', apiData };
}

/** Skips annotations that only another API understands. */
export function encodeAnnotations(annotations: readonly Annotation[]): readonly unknown[] {
  return annotations.map(encodeAnnotation).filter((annotation) => annotation !== undefined);
}

export function encodeAnnotation(annotation: Annotation): unknown {
  const own = annotation.apiData?.[API];
  if (own !== undefined || annotation.kind !== 'citation') return own;
  const { url, title } = annotation;
  return { type: 'url_citation', url_citation: { url, ...(title !== undefined && { title }) } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
