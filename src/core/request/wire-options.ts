import { usageError } from '../../errors.ts';
import { parseJson } from '../settings/wire-parameters.ts';

/** Wire fields that have a place of their own, and the flag that fills it. */
const OWN_FLAGS: Readonly<Record<string, string>> = {
  model: '--model',
  models: '--fallback',
  messages: 'words, -f and -a',
  stream: '--no-stream',
  temperature: '--temperature',
  max_tokens: '--max-tokens',
  max_completion_tokens: '--max-tokens',
  top_p: '--top-p',
  top_k: '--top-k',
  min_p: '--min-p',
  top_a: '--top-a',
  frequency_penalty: '--frequency-penalty',
  presence_penalty: '--presence-penalty',
  repetition_penalty: '--repetition-penalty',
  seed: '--seed',
  stop: '--stop',
  logit_bias: '--logit-bias',
  verbosity: '--verbosity',
  modalities: '--modalities',
  service_tier: '--service-tier',
};

/**
 * `key=value` pairs as wire fields: a value is JSON where it can be read as such, else the text that it is. Throws kind `usage` for what has a
 * flag of its own, under whose rules (and budgets) it belongs.
 */
export function wireOptions(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, key, text] = /^([A-Za-z_][\w-]*)=([\s\S]*)$/.exec(pair) ?? [];
    if (key === undefined || text === undefined) {
      throw usageError(
        `-O takes key=value, not "${pair}"`,
        `a value is JSON or text: -O user=me -O 'image_config={"aspect_ratio":"16:9"}'`,
      );
    }
    fields[key] = parseJson(text) ?? text;
    if (text.trim() === 'null') fields[key] = null;
  }
  refuseOwn(fields, '-O');
  refuseSeveralAnswers(fields, '-O');
  return fields;
}

/** Throws kind `usage` for a field that has a flag of its own. */
export function refuseOwn(fields: Readonly<Record<string, unknown>>, where: string): void {
  const own = Object.keys(fields).find((key) => Object.hasOwn(OWN_FLAGS, key));
  if (own !== undefined)
    throw usageError(`${own} has a place of its own, and cannot be set with ${where}`, `use ${OWN_FLAGS[own]}`);
}

/** Throws kind `usage` for a request of several answers at once: an answer is shown, stored and counted as one. */
export function refuseSeveralAnswers(fields: Readonly<Record<string, unknown>>, where: string): void {
  const answers = fields['n'] ?? 1;
  if (answers !== 1)
    throw usageError(`one request gives one answer: n cannot be set with ${where}`, 'run the command once for each answer');
}
