/**
 * Providers that continue, and charge for, an answer that was stopped, as listed in the API's guide to streaming (names as on receipts). The
 * guide does not mention all providers.
 */
const CHARGED_WHEN_STOPPED: readonly RegExp[] = [
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
export function chargesWhenStopped(provider: string | undefined, isStreamed: boolean): boolean {
  if (!isStreamed) return true;
  const name = provider?.toLowerCase() ?? '';
  return CHARGED_WHEN_STOPPED.some((pattern) => pattern.test(name));
}
