/** The tokenizers that orx has: both OpenAI's. */
export type TokenizerName = 'o200k' | 'cl100k';

export interface TokenizerChoice {
  tokenizer: TokenizerName;
  /** It is the model's own; else its count is an estimate. */
  isExact: boolean;
}

/** Models that came before o200k: GPT-4 without the o, GPT-3.5, and the embeddings of their time. */
const OLDER = /^(gpt-4(?![.o\d])|gpt-4-|gpt-3\.5|text-embedding-)/;
/** Same words, other frame around them: they are billed some seventy tokens that nobody wrote. */
const OPEN_WEIGHTS = /^gpt-oss/;

/** Which tokenizer counts for a model: its own for OpenAI's, the newer one as an estimate for all others. */
export function tokenizerFor(modelId: string): TokenizerChoice {
  const [author = '', slug = ''] = modelId.toLowerCase().replace(/^~/, '').split('/');
  if (author !== 'openai' || OPEN_WEIGHTS.test(slug)) return { tokenizer: 'o200k', isExact: false };
  return { tokenizer: OLDER.test(slug) ? 'cl100k' : 'o200k', isExact: true };
}
