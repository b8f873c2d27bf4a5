import type { Annotation } from '../message.ts';
import { asObject, asObjects, asText, type WireObject } from '../wire/wire-value.ts';

/** Fields of a grounding chunk that contain its source. */
const SOURCES = ['web', 'retrievedContext', 'maps', 'image'] as const;

/** Collects the sources of an answer, each once: every chunk of a stream repeats the earlier ones. */
export class Sources {
  readonly #seen = new Set<string>();

  /** Returns the new sources of a candidate. */
  next(candidate: WireObject): readonly Annotation[] {
    return [...grounding(candidate), ...quotations(candidate)].flatMap((source) => {
      const url = asText(source['uri']) ?? asText(source['sourceUri']);
      if (url === undefined || this.#seen.has(url)) return [];
      this.#seen.add(url);
      const title = asText(source['title']);
      return [{ kind: 'citation', url, ...(title !== undefined && { title }) } as const];
    });
  }
}

function grounding(candidate: WireObject): readonly WireObject[] {
  const chunks = asObjects(asObject(candidate['groundingMetadata'])?.['groundingChunks']);
  return asObjects(chunks.flatMap((chunk) => SOURCES.map((name) => chunk[name])));
}

/** Returns the sources that the answer quotes verbatim. The list has two names. */
function quotations(candidate: WireObject): readonly WireObject[] {
  const metadata = asObject(candidate['citationMetadata']);
  return [...asObjects(metadata?.['citationSources']), ...asObjects(metadata?.['citations'])];
}
