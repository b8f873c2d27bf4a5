// A catalogue of the requested size, with entries as long and varied as real ones (about 2 KB per model), and their endpoints.

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

/** Providers of every model, with their prices as a multiple of the catalogue's. */
const PROVIDERS = [
  { name: 'Bench', multiple: 1 },
  { name: 'Other', multiple: 2 },
  { name: 'Third', multiple: 3 },
];

/**
 * Returns the body of a reply to GET /models/{author}/{slug}/endpoints.
 * @param {string} id
 * @returns {string}
 */
export function endpointsBody(id) {
  const { name, created, description, architecture, ...rest } = model(Number(/\d+$/.exec(id)?.[0] ?? 0));
  const speeds = { p50: 900, p75: 1200, p90: 1800, p99: 3600 };
  const endpoints = PROVIDERS.map((provider) => ({
    name: `${provider.name} | ${rest.canonical_slug}`,
    model_id: id,
    model_name: name,
    context_length: rest.context_length,
    pricing: { prompt: `0.00000${provider.multiple}`, completion: `0.0000${provider.multiple}` },
    provider_name: provider.name,
    tag: provider.name.toLowerCase(),
    quantization: 'fp8',
    max_completion_tokens: 16_384,
    max_prompt_tokens: null,
    supported_parameters: rest.supported_parameters,
    status: 0,
    uptime_last_5m: 100,
    uptime_last_30m: 99.9,
    uptime_last_1d: 99.8,
    latency_last_30m: speeds,
    throughput_last_30m: speeds,
    supports_implicit_caching: false,
  }));
  return JSON.stringify({ data: { id, name, created, description, architecture, endpoints } });
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
