// A catalogue of the requested size, with entries as long and varied as real ones: about 2 KB per model.

const AUTHORS = ['anthropic', 'deepseek', 'google', 'meta-llama', 'mistralai', 'openai', 'qwen', 'x-ai'];
const FAMILIES = ['sonnet', 'chat', 'flash', 'coder', 'large', 'mini', 'reasoner'];
const DESCRIPTION = 'A model for text, code and tools, with a long context and a price that depends on how it is used. ';

/**
 * Returns the body of a reply to GET /models.
 * @param {number} count
 * @returns {string}
 */
export function catalogueBody(count) {
  return JSON.stringify({ data: Array.from({ length: count }, (_, index) => model(index)) });
}

/** @param {number} index */
function model(index) {
  const author = AUTHORS[index % AUTHORS.length];
  const family = FAMILIES[index % FAMILIES.length];
  const id = `${author}/${family}-${index}`;
  return {
    id,
    canonical_slug: `${id}-20260101`,
    name: `${author}: ${family} ${index}`,
    created: 1_700_000_000 + index * 3600,
    description: DESCRIPTION.repeat(12),
    context_length: 32_768 * (1 + (index % 32)),
    architecture: {
      modality: 'text->text',
      input_modalities: index % 3 === 0 ? ['text', 'image'] : ['text'],
      output_modalities: ['text'],
    },
    pricing: { prompt: `0.00000${10 + (index % 90)}`, completion: `0.0000${10 + (index % 90)}`, input_cache_read: '0.00000007' },
    top_provider: { context_length: 32_768, max_completion_tokens: 16_384, is_moderated: false },
    supported_parameters: [
      'max_tokens',
      'temperature',
      'top_p',
      'stop',
      'tools',
      'tool_choice',
      ...(index % 2 === 0 ? ['reasoning'] : []),
    ],
  };
}
