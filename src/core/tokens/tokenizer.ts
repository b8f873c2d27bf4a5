/** The tokenizers that orx includes, both from OpenAI. */
export type TokenizerName = 'o200k' | 'cl100k';

export interface TokenizerChoice {
  tokenizer: TokenizerName;
  /** True if it is the model's own tokenizer; otherwise its count is an estimate. */
  isExact: boolean;
}

/** Models older than o200k: GPT-4 without the o, GPT-3.5, and the embedding models of that time. */
const OLDER = /^(gpt-4(?![.o\d])|gpt-4-|gpt-3\.5|text-embedding-)/;
/** Same vocabulary, but another frame: the provider counts some seventy additional tokens. */
const OPEN_WEIGHTS = /^gpt-oss/;

/** Returns the tokenizer for a model: its own for OpenAI's models, the newer one as an estimate for all others. */
export function tokenizerFor(modelId: string): TokenizerChoice {
  const [author = '', slug = ''] = modelId.toLowerCase().replace(/^~/, '').split('/');
  if (author !== 'openai' || OPEN_WEIGHTS.test(slug)) return { tokenizer: 'o200k', isExact: false };
  return { tokenizer: OLDER.test(slug) ? 'cl100k' : 'o200k', isExact: true };
}
