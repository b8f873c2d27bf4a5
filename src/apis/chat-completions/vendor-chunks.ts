import { type ChatDeviations, UNKNOWN_HOST } from '../chat-deviations.ts';
import { callItems } from '../tool-call-pieces.ts';
import type { Usage } from '../completion.ts';
import type { Vendor } from '../vendors.ts';
import { asArray, asCount, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { finishOf } from './vendor-finish.ts';
import { splitThinking } from './thinking-parts.ts';
import { decodeVendorUsage } from './vendor-usage.ts';

const NO_SOURCES: readonly unknown[] = [];

/**
 * Converts the chunks of a direct vendor to OpenRouter's form, so that one decoder reads all. Hosts differ in where they put
 * reasoning, usage, errors and sources, and in the names of finish reasons.
 */
export class VendorChunks {
  readonly vendor: Vendor;
  readonly #deviations: ChatDeviations;
  readonly #cited = new Set<string>();
  /** Number of Mistral's thinking blocks so far; each becomes a separate part. */
  #thoughts = 0;
  #isThinking = false;
  #hasCalls = false;

  constructor(vendor: Vendor) {
    this.vendor = vendor;
    this.#deviations = vendor.deviations ?? UNKNOWN_HOST;
  }

  /** Returns undefined for a chunk that contains nothing of the answer. The result has only the fields that a decoder reads. */
  read(wire: WireObject): WireObject | undefined {
    const error = errorOf(wire);
    if (error !== undefined) return { ...wire, error };
    const usage = usageOf(wire);
    const sources = this.#sourcesOf(wire);
    const list = wire['choices'];
    if (!Array.isArray(list)) return usage === undefined ? wire : { ...wire, usage };
    // Azure first sends the filter result for the prompt, in a chunk without answer and model.
    const isNamed = (asText(wire['id']) ?? asText(wire['model'])) !== undefined;
    if (list.length === 0 && !isNamed && usage === undefined) return undefined;
    const items = list.length === 0 && sources.length > 0 ? [{ delta: {} }] : list;
    const choices = items.map((item: unknown, at) => {
      const choice = asObject(item);
      return choice === undefined ? item : this.#readChoice(choice, at === 0 ? sources : NO_SOURCES);
    });
    // Written out, because spreading the fields of a reply takes several times as long.
    return {
      id: wire['id'],
      model: wire['model'],
      provider: wire['provider'],
      created: wire['created'],
      choices,
      usage: usage ?? wire['usage'],
      openrouter_metadata: wire['openrouter_metadata'],
    };
  }

  decodeUsage(usage: unknown): Usage | undefined {
    return decodeVendorUsage(usage, this.#deviations);
  }

  #readChoice(choice: WireObject, sources: readonly unknown[]): WireObject {
    const message = asObject(choice['message']);
    const isWhole = message !== undefined && asObject(choice['delta']) === undefined;
    const said = asObject(choice['delta']) ?? message ?? legacyDelta(choice) ?? (sources.length > 0 ? {} : undefined);
    const delta = said === undefined ? undefined : this.#readDelta(said, sources);
    if (delta !== undefined && callItems(delta).length > 0) this.#hasCalls = true;
    // A whole message is finished, even without a finish reason.
    const reason = asText(choice['finish_reason']) ?? (isWhole ? 'stop' : undefined);
    const end = reason === undefined ? undefined : finishOf(reason, this.#hasCalls, this.vendor);
    return {
      index: choice['index'],
      delta: isWhole ? choice['delta'] : (delta ?? choice['delta']),
      message: isWhole ? delta : choice['message'],
      finish_reason: end === undefined ? choice['finish_reason'] : end.finish_reason,
      native_finish_reason: end === undefined ? choice['native_finish_reason'] : end.native_finish_reason,
      error: end?.error ?? choice['error'],
    };
  }

  #readDelta(delta: WireObject, sources: readonly unknown[]): WireObject {
    const { content } = delta;
    if (typeof content === 'string' && content !== '') this.#isThinking = false;
    const reasoning = Array.isArray(content) ? this.#thinkingOf(content) : this.#plainReasoning(delta);
    if (reasoning === undefined && sources.length === 0) return delta;
    const annotations = [...asArray(delta['annotations']), ...sources];
    return { ...delta, ...reasoning, ...(annotations.length > 0 && { annotations }) };
  }

  #thinkingOf(content: readonly unknown[]): WireObject | undefined {
    const split = splitThinking(content);
    if (split === undefined) {
      this.#isThinking = false;
      return undefined;
    }
    if (!this.#isThinking) this.#thoughts += 1;
    this.#isThinking = split.text === '';
    const { text, thinking, signature } = split;
    const signed = signature === undefined ? {} : { signature };
    const detail = { type: 'reasoning.text', text: thinking, format: this.vendor.name, index: this.#thoughts - 1, ...signed };
    return { content: text, reasoning_details: [detail] };
  }

  /** Returns reasoning that must be sent back as a part, in addition to its text. */
  #plainReasoning(delta: WireObject): WireObject | undefined {
    if (this.#deviations.replaysReasoningAs === undefined) return undefined;
    const text = asText(delta['reasoning']) ?? asText(delta['reasoning_content']);
    if (text === undefined || Array.isArray(delta['reasoning_details'])) return undefined;
    return { reasoning_details: [{ type: 'reasoning.text', text, format: this.vendor.name, index: 0 }] };
  }

  /** Returns the sources of the answer, each once: Perplexity repeats them in every chunk. */
  #sourcesOf(wire: WireObject): readonly unknown[] {
    if (wire['search_results'] === undefined && wire['citations'] === undefined) return NO_SOURCES;
    const titles = new Map<string, string | undefined>();
    for (const item of asArray(wire['search_results'])) {
      const url = asText(asObject(item)?.['url']);
      if (url !== undefined) titles.set(url, asText(asObject(item)?.['title']));
    }
    const urls = [
      ...asArray(wire['citations']).flatMap((item) => asText(item) ?? asText(asObject(item)?.['url']) ?? []),
      ...titles.keys(),
    ];
    return urls
      .filter((url) => !this.#cited.has(url) && this.#cited.add(url))
      .map((url) => ({
        type: 'url_citation',
        url_citation: { url, ...(titles.get(url) !== undefined && { title: titles.get(url) }) },
      }));
  }
}

/** Returns the error of a chunk, from any of the places where hosts put it. */
function errorOf(wire: WireObject): unknown {
  const { error } = wire;
  if (error !== undefined && error !== null) return error;
  const groq = asObject(wire['x_groq'])?.['error'];
  if (groq === undefined || groq === null || groq === '') return undefined;
  return typeof groq === 'string' ? { message: groq } : groq;
}

/** Returns the text of the older completions API, which is in the choice itself. */
function legacyDelta({ text }: WireObject): WireObject | undefined {
  return typeof text === 'string' ? { content: text } : undefined;
}

/** Returns the usage, which some hosts send in another field. Includes the timings that llama.cpp reports. */
function usageOf(wire: WireObject): WireObject | undefined {
  const usage =
    asObject(wire['usage']) ??
    asObject(asObject(wire['x_groq'])?.['usage']) ??
    asObject(asObject(asArray(wire['choices'])[0])?.['usage']);
  const timings = asObject(wire['timings']);
  return timings === undefined || asCount(timings['predicted_n']) === undefined ? usage : { ...usage, timings };
}
