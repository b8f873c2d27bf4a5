/** Marks reasoning that Anthropic's own signature or encryption protects, as its decoder in apis/ does. */
export const ANTHROPIC_REASONING = 'anthropic-claude-v1';
