/** The names that providers give to an answer which they, or the model itself, blocked: Gemini, Anthropic, Bedrock, Azure, Cohere, Zhipu and others. */
const FILTERS =
  /^((image_)?(safety|recitation|prohibited_content|other_safety)|content_?filter(ed)?|content_policy(_violation)?|blocklist|blocked|spii|model_armor|refus(al|ed)|guardrails?(_intervened)?|moderation|flagged|sensitive|(error_)?toxic)$/i;

/** Whether an answer that ended for this reason was blocked, in part or as a whole. */
export function isFilterReason(reason: string | undefined): boolean {
  return reason !== undefined && FILTERS.test(reason);
}
