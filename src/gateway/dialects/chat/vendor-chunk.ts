import type { CompletionEvent, TextTemplate, Usage } from '../../../apis/completion.ts';
import { endOfString } from '../../../text/exact-json.ts';
import { itemTexts, memberText, withMembers } from '../../../text/json-members.ts';
import { type FieldValues, isFields } from '../fields.ts';
import { encodeUsage } from './encode-chunks.ts';

type Chunk = Pick<Extract<CompletionEvent, { type: 'chunk' }>, 'data' | 'filled'>;
type Start = Pick<Extract<CompletionEvent, { type: 'response-start' }>, 'model' | 'provider'>;

/**
 * Fields that hosts of chat completions send in their own form, and split characters: orx encodes these itself. Quotes inside a
 * string are escaped, so this only finds fields. The one allowed list named `content` contains token probabilities.
 */
const TOLD_OTHERWISE =
  /"(?:tool_calls|function_call|reasoning(?!_tokens)\w*|thinking|error|x_groq|annotations|citations|search_results|audio|images|refusal)"\s*:\s*(?!null|\[\s*\]|"")|"content"\s*:\s*\[(?!\s*\{\s*"token")|"index"\s*:\s*[1-9]|\\u[dD][89a-fA-F]/;
/** The end of an answer, to which orx adds the usage with the cost. */
const ENDS = /"usage"\s*:\s*\{|"finish_reason"\s*:\s*"/;
/** A finish reason other than those on which hosts agree. */
const OTHER_END = /"finish_reason"\s*:\s*"(?!(?:stop|length|content_filter)")/;

/** A chunk with a gap in place of its text, and the same chunk as it is forwarded. */
interface PassedTemplate {
  before: string;
  after: string;
  passedBefore: string;
  passedAfter: string;
}

const OPENING = '"content":"';
/** The content of a JSON string, where every escape stands for one character. */
const PLAIN = /^(?:[^"\\\p{Cc}]|\\[nrtbf"\\/])*$/u;
/** In UTF-16 units. */
const LONGEST_PLAIN = 4096;

/**
 * Forwards the text chunks of one vendor's stream: adds the answering model and provider, and keeps everything else. Most chunks
 * of a stream differ only in their text, so the last chunk is the template of the next one.
 */
export class PassedChunks {
  readonly #names: Record<string, string>;
  #template: PassedTemplate | undefined;
  /** The decoder's template, if it is the same. */
  #decoders: TextTemplate | undefined;

  constructor(start: Start) {
    this.#names = namesOf(start);
  }

  /** Returns undefined for a chunk that orx must encode itself. */
  pass({ data, filled }: Chunk): string | undefined {
    const known = this.#template;
    // The decoder has compared the chunk with the same template.
    if (known !== undefined && filled !== undefined && this.#decoders === filled.template)
      return known.passedBefore + filled.text + known.passedAfter;
    const passed = this.#fill(data) ?? this.#change(data);
    const own = this.#template;
    if (own?.before === filled?.template.before && own?.after === filled?.template.after) this.#decoders = filled?.template;
    return passed;
  }

  /** Returns the chunks that follow one that has just been passed: `filled.more`. */
  more({ filled }: Pick<Chunk, 'filled'>): readonly string[] {
    if (filled?.more === undefined) return [];
    const { template, more } = filled;
    const own = this.#decoders === template ? this.#template : undefined;
    return more.map((text) =>
      own === undefined
        ? withMembers(template.before + text + template.after, this.#names)
        : own.passedBefore + text + own.passedAfter,
    );
  }

  #fill(data: string): string | undefined {
    if (this.#template === undefined) return undefined;
    const { before, after, passedBefore, passedAfter } = this.#template;
    const length = data.length - before.length - after.length;
    if (length < 0 || length > LONGEST_PLAIN || !data.startsWith(before) || !data.endsWith(after)) return undefined;
    const text = data.slice(before.length, before.length + length);
    return PLAIN.test(text) ? passedBefore + text + passedAfter : undefined;
  }

  #change(data: string): string | undefined {
    this.#template = undefined;
    this.#decoders = undefined;
    if (!data.includes('"delta"') || TOLD_OTHERWISE.test(data) || ENDS.test(data)) return undefined;
    const passed = withMembers(data, this.#names);
    const [start, passedStart] = [textStart(data), textStart(passed)];
    if (start !== undefined && passedStart !== undefined) {
      const length = endOfString(data, start) - 1 - start;
      this.#template = {
        before: data.slice(0, start),
        after: data.slice(start + length),
        passedBefore: passed.slice(0, passedStart),
        passedAfter: passed.slice(passedStart + length),
      };
    }
    return passed;
  }
}

/** Returns the index of a chunk's text, or undefined if it is ambiguous. */
function textStart(data: string): number | undefined {
  const at = data.indexOf(OPENING);
  return at < 0 || at !== data.lastIndexOf(OPENING) ? undefined : at + OPENING.length;
}

/**
 * Returns a vendor's whole reply with the answering model and provider, and with the usage in OpenRouter's form. Returns undefined for
 * a reply that orx must encode itself.
 */
export function passedReply(data: string, start: Start, usage: Usage | undefined): string | undefined {
  if (!data.includes('"message"') || TOLD_OTHERWISE.test(data) || OTHER_END.test(data)) return undefined;
  if (!data.startsWith('{')) return undefined;
  const choices = itemTexts(memberText(data, 'choices') ?? '');
  if (choices === undefined) return undefined;
  const changes = namesOf(start);
  changes['choices'] = `[${choices.map(withNativeReason).join(',')}]`;
  if (usage !== undefined) changes['usage'] = joined(memberText(data, 'usage'), encodeUsage(usage));
  return withMembers(data, changes);
}

/** Hosts state one finish reason, OpenRouter the host's own beside the one that all hosts share. */
function withNativeReason(choice: string): string {
  const isPlain = !choice.startsWith('{') || memberText(choice, 'native_finish_reason') !== undefined;
  return isPlain ? choice : withMembers(choice, { native_finish_reason: memberText(choice, 'finish_reason') });
}

function namesOf({ model, provider }: Start): Record<string, string> {
  return { model: JSON.stringify(model), ...(provider !== undefined && { provider: JSON.stringify(provider) }) };
}

/** Adds counts to the JSON text of a vendor's usage: counts and details that only the vendor has are kept as it wrote them. */
function joined(stated: string | undefined, counts: FieldValues): string {
  if (stated?.startsWith('{') !== true) return JSON.stringify(counts);
  const changes: Record<string, string> = {};
  for (const name of Object.keys(counts)) {
    const value = counts[name];
    changes[name] = isFields(value) ? joined(memberText(stated, name), value) : JSON.stringify(value);
  }
  return withMembers(stated, changes);
}
