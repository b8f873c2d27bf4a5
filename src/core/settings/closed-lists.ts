// The words that the API accepts in fields with a fixed set of values. When the API adds a word, add it here: some providers drop an unknown one
// without an error, and the option has no effect.

export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export const VERBOSITIES = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export const SERVICE_TIERS = ['auto', 'default', 'flex', 'priority', 'fast', 'scale'] as const;
export const AUDIO_FORMATS = ['pcm16', 'wav', 'mp3', 'flac', 'opus'] as const;
/** Modalities of a chat answer. */
export const ANSWER_MODALITIES = ['text', 'image', 'audio'] as const;
export const QUANTIZATIONS = [
  'int4',
  'int8',
  'fp4',
  'mxfp4',
  'nvfp4',
  'fp6',
  'fp8',
  'mxfp8',
  'fp16',
  'bf16',
  'fp32',
  'unknown',
] as const;
/** Input modalities of models in the catalogue. */
export const INPUT_MODALITIES = ['text', 'image', 'audio', 'video', 'file'] as const;
/** Output modalities of models in the catalogue. */
export const OUTPUT_MODALITIES = [
  'text',
  'image',
  'audio',
  'video',
  'embeddings',
  'rerank',
  'speech',
  'transcription',
  'decisions',
] as const;
/** Parameters that the catalogue lists as supported by models. */
export const SUPPORTED_PARAMETERS = [
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'structured_outputs',
  'reasoning',
  'include_reasoning',
  'reasoning_effort',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'top_a',
  'min_p',
  'frequency_penalty',
  'presence_penalty',
  'repetition_penalty',
  'seed',
  'stop',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'verbosity',
  'web_search_options',
  'prediction',
] as const;
