/**
 * Providers that go on, and bill, when an answer is stopped, as the API's guide to streaming lists them (names as receipts show them). Of a
 * provider that stands in none of its lists nothing is said.
 */
const BILLING_ON: readonly RegExp[] = [
  /bedrock/,
  /^groq/,
  /^google/,
  /^mistral/,
  /^perplexity/,
  /^minimax/,
  /^alibaba/,
  /^nebius/,
  /^sambanova/,
];

/** Whether a stopped answer of this provider is billed in full. */
export function billsStopped(provider: string | undefined, isStreamed = true): boolean {
  if (!isStreamed) return true;
  const name = provider?.toLowerCase() ?? '';
  return BILLING_ON.some((pattern) => pattern.test(name));
}
