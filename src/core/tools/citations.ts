/** A source that an answer names. Untrusted. */
export interface Citation {
  url: string;
  title?: string | undefined;
}

/** The sources among an answer's annotations, each address once, in the order in which they came. Other annotations are left out. */
export function citationsOf(annotations: readonly unknown[]): readonly Citation[] {
  const matches = new Map<string, Citation>();
  for (const annotation of annotations) {
    const citation = field(annotation, 'url_citation');
    const url = field(citation, 'url');
    if (typeof url !== 'string' || url === '' || matches.has(url)) continue;
    const title = field(citation, 'title');
    matches.set(url, { url, title: typeof title === 'string' && title.trim() !== '' ? title : undefined });
  }
  return [...matches.values()];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
