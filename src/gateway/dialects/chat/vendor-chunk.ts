import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import { exactJson, parseExact } from '../../../text/exact-json.ts';
import { withMembers } from '../../../text/json-members.ts';
import { type FieldValues, isFields } from '../fields.ts';
import { encodeUsage } from './encode-chunks.ts';

type Start = Pick<Extract<CompletionEvent, { type: 'response-start' }>, 'model' | 'provider'>;

/**
 * What hosts of chat completions tell in ways of their own, and half characters: orx tells it as OpenRouter does. What stands in a text has its
 * quotes escaped, so that only fields are found. The one list that may be called `content` holds probabilities of tokens.
 */
const TOLD_OTHERWISE =
  /"(?:tool_calls|function_call|reasoning(?!_tokens)\w*|thinking|error|x_groq|annotations|citations|search_results|audio|images|refusal)"\s*:\s*(?!null|\[\s*\]|"")|"content"\s*:\s*\[(?!\s*\{\s*"token")|"index"\s*:\s*[1-9]|\\u[dD][89a-fA-F]/;
/** The end of an answer gets its usage, with the cost. */
const ENDS = /"usage"\s*:\s*\{|"finish_reason"\s*:\s*"/;
/** Why an answer ended, where hosts agree. */
const OTHER_END = /"finish_reason"\s*:\s*"(?!(?:stop|length|content_filter)")/;

/** A chunk of text of a vendor with who answers; all else of it stays. Undefined for a chunk that orx has to tell itself. */
export function passedChunk(data: string, start: Start): string | undefined {
  if (!data.includes('"delta"') || TOLD_OTHERWISE.test(data) || ENDS.test(data)) return undefined;
  return withMembers(data, namesOf(start));
}

/** A whole reply of a vendor in the same way, with the usage as OpenRouter states it. */
export function passedReply(data: string, start: Start, usage: Usage | undefined): string | undefined {
  if (!data.includes('"message"') || TOLD_OTHERWISE.test(data) || OTHER_END.test(data)) return undefined;
  const reply = parseExact(data);
  if (!isFields(reply) || !Array.isArray(reply['choices'])) return undefined;
  const choices = reply['choices'].map((choice: unknown) =>
    isFields(choice) ? { native_finish_reason: choice['finish_reason'], ...choice } : choice,
  );
  const own = isFields(reply['usage']) ? reply['usage'] : {};
  const counts = usage === undefined ? {} : { usage: exactJson({ ...own, ...joined(own, encodeUsage(usage)) }) };
  return withMembers(data, { ...namesOf(start), choices: exactJson(choices), ...counts });
}

function namesOf({ model, provider }: Start): Record<string, string> {
  return { model: JSON.stringify(model), ...(provider !== undefined && { provider: JSON.stringify(provider) }) };
}

/** Details that only the vendor has stay beside those of OpenRouter. */
function joined(own: FieldValues, counts: FieldValues): FieldValues {
  const details = Object.entries(counts).map(([name, value]) => {
    const before = own[name];
    return [name, isFields(before) && isFields(value) ? { ...before, ...value } : value] as const;
  });
  return Object.fromEntries(details);
}
