/** The API version that orx implements. */
export const ANTHROPIC_VERSION = '2023-06-01';

/** Marks reasoning that Anthropic has signed or encrypted. */
export const THINKING_FORMAT = 'anthropic-claude-v1';

/** The tool that a model without structured output must call: its input is the answer. */
export const JSON_TOOL = 'json';
