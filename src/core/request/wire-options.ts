import { usageError } from '../../errors.ts';
import { parseJson } from '../settings/wire-parameters.ts';

/** Wire fields that have their own flag. */
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
 * Parses `key=value` pairs into wire fields: a value is JSON if it parses as JSON, otherwise text. Throws kind `usage` for a field that has its
 * own flag, whose rules (and budgets) apply to it.
 */
export function wireOptions(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, key, text] = /^([A-Za-z_][\w-]*)=([\s\S]*)$/.exec(pair) ?? [];
    if (key === undefined || text === undefined) {
      throw usageError(
        `-O must be key=value, not "${pair}"`,
        `use JSON or text as the value: -O user=me -O 'image_config={"aspect_ratio":"16:9"}'`,
      );
    }
    fields[key] = parseJson(text) ?? text;
    if (text.trim() === 'null') fields[key] = null;
  }
  refuseOwn(fields, '-O');
  refuseSeveralAnswers(fields, '-O');
  return fields;
}

/** Throws kind `usage` for a field that has its own flag. */
export function refuseOwn(fields: Readonly<Record<string, unknown>>, where: string): void {
  const own = Object.keys(fields).find((key) => Object.hasOwn(OWN_FLAGS, key));
  if (own !== undefined) throw usageError(`${own} cannot be set with ${where}`, `use ${OWN_FLAGS[own]} instead`);
}

/** Throws kind `usage` for a request of several answers at once: orx shows, stores and counts one answer per request. */
export function refuseSeveralAnswers(fields: Readonly<Record<string, unknown>>, where: string): void {
  const answers = fields['n'] ?? 1;
  if (answers !== 1)
    throw usageError(`n cannot be set with ${where}: one request gives one response`, 'run the command once for each response');
}
