/**
 * Providers that continue, and charge for, an answer that was stopped, as listed in the API's guide to streaming (names as on receipts). The
 * guide does not mention all providers.
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

/** Returns whether a stopped answer of this provider costs as much as a complete one. */
export function billsStopped(provider: string | undefined, isStreamed = true): boolean {
  if (!isStreamed) return true;
  const name = provider?.toLowerCase() ?? '';
  return BILLING_ON.some((pattern) => pattern.test(name));
}
