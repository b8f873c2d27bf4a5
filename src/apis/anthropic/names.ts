/** Of the API that these messages are written for. */
export const ANTHROPIC_VERSION = '2023-06-01';

/** Marks reasoning that Anthropic's own signature or encryption protects. */
export const THINKING_FORMAT = 'anthropic-claude-v1';

/** The tool that a model without structured output is made to call: its input is the answer. */
export const JSON_TOOL = 'json';
