/**
 * Ollama silently truncates a prompt that is longer than the context of the loaded model. The server chooses the context, 4,096
 * tokens on most machines, unless a request sets another one (`num_ctx`). A different value reloads the model. So orx sets none
 * while the smallest default suffices, and otherwise rounds up by factors of two: a growing conversation reloads the model a few
 * times, not with every question. With `truncate` and `shift` off, the server rejects a prompt that still does not fit, for
 * example because the model itself has a shorter context, instead of truncating it. docs/vendors.md documents the numbers.
 */

/** The context of every server unless its owner chose a smaller one. */
const SMALLEST_DEFAULT = 4096;
/**
 * A larger context needs more memory than machines with Ollama usually have. Users with more memory set OLLAMA_CONTEXT_LENGTH or
 * `-O options=…`.
 */
const LARGEST_ASKED = 131_072;
/** Few languages have fewer bytes per token; code and numbers come close. */
const BYTES_PER_TOKEN = 2.5;
/** Typical size of an image in most models. */
const TOKENS_PER_IMAGE = 1024;
/** For the role and the markers around a message. */
const TOKENS_PER_MESSAGE = 8;
/** Reserved for an answer without a known limit. */
const ANSWER_TOKENS = 1024;

interface PromptSize {
  /** Size of the text of all messages and tool definitions, in UTF-8. */
  bytes: number;
  images: number;
  messages: number;
  maxTokens: number | undefined;
}

/**
 * Returns the context that a request needs, in tokens, or undefined when every server's default suffices. The estimate is
 * conservative.
 */
export function contextSize({ bytes, images, messages, maxTokens = ANSWER_TOKENS }: PromptSize): number | undefined {
  const prompt = Math.ceil(bytes / BYTES_PER_TOKEN) + images * TOKENS_PER_IMAGE + messages * TOKENS_PER_MESSAGE;
  const needed = prompt + maxTokens;
  if (needed <= SMALLEST_DEFAULT) return undefined;
  return Math.min(LARGEST_ASKED, 2 ** Math.ceil(Math.log2(needed)));
}
