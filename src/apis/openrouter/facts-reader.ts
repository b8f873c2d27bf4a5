import { StringDecoder } from 'node:string_decoder';
import { decodeUsage, laterUsage } from '../chat-completions/decode-usage.ts';
import type { RawFacts } from '../raw-call.ts';
import { MAX_JSON_BYTES } from '../wire/packed-reply.ts';
import { asObject, asText, type WireObject } from '../wire/wire-value.ts';

/** Reads what a body says about its cost, as it passes. */
export interface FactsReader {
  push: (piece: Uint8Array) => void;
  facts: () => RawFacts;
}

/** The objects of replies and of stream events that contain a model and a usage: those of completions, responses and messages. */
const INNER = ['response', 'message'] as const;

/**
 * Returns a reader of JSON and of event streams. It ignores other bodies, such as audio, and what follows 64 MB of JSON or of one
 * line: the id of the reply's header is then all that is known.
 */
export function createFactsReader(headers: Readonly<Record<string, string>>): FactsReader {
  const type = headers['content-type'] ?? '';
  const isStream = type.includes('event-stream');
  const isRead = isStream || type === '' || /\bjson\b/.test(type);
  const decoder = new StringDecoder('utf8');
  const found: RawFacts & { wire?: unknown } = { id: headers['x-generation-id'] };
  let text = '';
  let isTooLong = false;

  const see = (json: string): void => {
    const whole = parseObject(json);
    if (whole === undefined) return;
    for (const object of [whole, ...INNER.map((name) => asObject(whole[name]))]) {
      if (object === undefined) continue;
      found.id ??= asText(object['id']);
      found.model = asText(object['model']) ?? found.model;
      found.provider = asText(object['provider']) ?? found.provider;
      found.wire = laterUsage(found.wire, namedAsInCompletions(object['usage']));
    }
  };
  const push = (piece: Uint8Array): void => {
    if (!isRead || isTooLong) return;
    text += decoder.write(piece);
    if (isStream) {
      const lines = text.split('\n');
      text = lines.pop()!;
      for (const line of lines) if (line.startsWith('data:')) see(line.slice('data:'.length));
    }
    if (text.length > MAX_JSON_BYTES) {
      isTooLong = true;
      text = '';
    }
  };
  return {
    push,
    facts() {
      if (isRead && text !== '') see(isStream ? text.replace(/^data:/, '') : text);
      text = '';
      const { wire, ...facts } = found;
      return { ...facts, usage: decodeUsage(wire) };
    },
  };
}

function parseObject(json: string): WireObject | undefined {
  try {
    return asObject(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** Returns a usage with the names that chat completions use: responses and messages count input and output tokens. */
function namedAsInCompletions(value: unknown): unknown {
  const usage = asObject(value);
  if (usage === undefined) return value;
  return {
    ...usage,
    prompt_tokens: usage['prompt_tokens'] ?? usage['input_tokens'],
    completion_tokens: usage['completion_tokens'] ?? usage['output_tokens'],
    prompt_tokens_details: usage['prompt_tokens_details'] ?? usage['input_tokens_details'],
    completion_tokens_details: usage['completion_tokens_details'] ?? usage['output_tokens_details'],
  };
}
