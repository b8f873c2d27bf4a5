/**
 * Ollama cuts a prompt that is longer than the context of the loaded model, and does not say so. The context is the server's choice, 4,096
 * tokens on most machines, unless a request names another one (`num_ctx`). A named one that differs from the loaded one loads the model again,
 * so that orx names none where the smallest default is enough, and steps of a factor of two where it is not: a growing conversation loads the
 * model again a few times, not with every question. With `truncate` and `shift` off the server refuses what does not fit after all, for
 * instance because the model itself has a shorter context, instead of cutting it. docs/vendors.md says the numbers.
 */

/** The context that every server has unless its owner chose a smaller one. */
const SMALLEST_DEFAULT = 4096;
/** More takes more memory than machines have on which Ollama usually runs; whoever has it sets OLLAMA_CONTEXT_LENGTH or `-O options=…`. */
const LARGEST_ASKED = 131_072;
/** Fewer bytes are one token in few languages; code and numbers come near it. */
const BYTES_PER_TOKEN = 2.5;
/** What an image takes in most models. */
const TOKENS_PER_IMAGE = 1024;
/** For the role and the marks around a message. */
const TOKENS_PER_MESSAGE = 8;
/** Room for an answer of which no limit is known. */
const ANSWER_TOKENS = 1024;

interface PromptSize {
  /** Of the text of all messages and tool definitions, in UTF-8. */
  bytes: number;
  images: number;
  messages: number;
  maxTokens: number | undefined;
}

/** Returns the context that a request needs, in tokens, or undefined where any server's default is enough. Estimated to the safe side. */
export function contextSize({ bytes, images, messages, maxTokens = ANSWER_TOKENS }: PromptSize): number | undefined {
  const prompt = Math.ceil(bytes / BYTES_PER_TOKEN) + images * TOKENS_PER_IMAGE + messages * TOKENS_PER_MESSAGE;
  const needed = prompt + maxTokens;
  if (needed <= SMALLEST_DEFAULT) return undefined;
  return Math.min(LARGEST_ASKED, 2 ** Math.ceil(Math.log2(needed)));
}
