/**
 * Names of a finish reason that mean the provider or the model blocked the answer: Gemini, Anthropic, Bedrock, Azure, Cohere,
 * Zhipu, others.
 */
const FILTERS =
  /^((image_)?(safety|recitation|prohibited_content|other_safety)|content_?filter(ed)?|content_policy(_violation)?|blocklist|blocked|spii|model_armor|refus(al|ed)|guardrails?(_intervened)?|moderation|flagged|sensitive|(error_)?toxic)$/i;

/** Returns whether an answer with this finish reason was blocked, partly or completely. */
export function isFilterReason(reason: string | undefined): boolean {
  return reason !== undefined && FILTERS.test(reason);
}
