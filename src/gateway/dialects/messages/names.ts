/** Marks reasoning that Anthropic has signed or encrypted, as in its decoder in apis/. */
export const ANTHROPIC_REASONING = 'anthropic-claude-v1';
