/** What a model of Anthropic supports. The API does not report it, and rejects a request that asks for more. */
export interface ClaudeFacts {
  /** Maximum number of output tokens. Undefined when unknown: the requested number is then sent. */
  maxOutput?: number | undefined;
  /** Sent when the request has no limit, because the API requires one. */
  defaultMaxTokens: number;
  /**
   * How the model reasons. `budget`: within a number of tokens; `adaptive`: as much as it decides, guided by an effort; `both`;
   * `none`.
   */
  reasoning: 'none' | 'budget' | 'both' | 'adaptive';
  /**
   * The setting that turns reasoning off; with `between-tools` the model still reasons between tool calls. Undefined: it always
   * reasons.
   */
  reasoningOff?: 'disabled' | 'between-tools' | undefined;
  /** Values of `output_config.effort`, lowest first. Empty: the API rejects the field. */
  efforts: readonly string[];
  /** With reasoning turned off, the highest accepted effort is `high`. */
  limitsEffortWhenOff?: boolean | undefined;
  /** Supports `temperature`, `top_p` and `top_k`. */
  takesSampling: boolean;
  /** Supports `output_config.format` and strict tools. */
  hasStructuredOutput: boolean;
  /** Continues an answer that the request begins. */
  takesPrefill: boolean;
  /** Supports a `tool_choice` that requires a call. */
  takesForcedTools: boolean;
}

const TO_HIGH = ['low', 'medium', 'high'];
const TO_MAX = [...TO_HIGH, 'max'];
const ALL = [...TO_HIGH, 'xhigh', 'max'];

const OLD: ClaudeFacts = {
  defaultMaxTokens: 4096,
  reasoning: 'none',
  reasoningOff: 'disabled',
  efforts: [],
  takesSampling: true,
  hasStructuredOutput: false,
  takesPrefill: true,
  takesForcedTools: true,
};
const CLAUDE_4: ClaudeFacts = { ...OLD, maxOutput: 64_000, defaultMaxTokens: 64_000, reasoning: 'budget' };
const OPUS_4: ClaudeFacts = { ...CLAUDE_4, maxOutput: 32_000, defaultMaxTokens: 32_000 };
const CLAUDE_4_5: ClaudeFacts = { ...CLAUDE_4, hasStructuredOutput: true };
const CLAUDE_4_6: ClaudeFacts = {
  ...CLAUDE_4_5,
  maxOutput: 128_000,
  defaultMaxTokens: 128_000,
  reasoning: 'both',
  efforts: TO_MAX,
  takesPrefill: false,
};
const CLAUDE_4_7: ClaudeFacts = { ...CLAUDE_4_6, reasoning: 'adaptive', efforts: ALL, takesSampling: false };
const CLAUDE_5: ClaudeFacts = { ...CLAUDE_4_7, limitsEffortWhenOff: true };
const ALWAYS_REASONS: ClaudeFacts = { ...CLAUDE_4_7, reasoningOff: undefined };

/**
 * By name; the first match applies. Sources: Anthropic's pages on models, thinking, effort, structured outputs and prefill
 * (platform.claude.com/docs), and the table of capabilities in vercel/ai, packages/anthropic (Apache-2.0), as of November 2026.
 */
const FACTS: readonly (readonly [RegExp, ClaudeFacts])[] = [
  [/claude-sonnet-5-5/, { ...CLAUDE_5, reasoningOff: 'between-tools', takesForcedTools: false }],
  [/claude-opus-5-5/, { ...ALWAYS_REASONS, takesForcedTools: false }],
  [/claude-(fable|mythos)-5-[1-9]/, { ...ALWAYS_REASONS, takesForcedTools: false }],
  [/claude-mythos-preview/, { ...ALWAYS_REASONS, efforts: TO_MAX }],
  [/claude-(fable|mythos)/, ALWAYS_REASONS],
  [/claude-(opus|haiku)-5/, CLAUDE_5],
  [/claude-(sonnet-5|opus-4-[78])/, CLAUDE_4_7],
  [/claude-(sonnet|opus)-4-6/, CLAUDE_4_6],
  [/claude-opus-4-5/, { ...CLAUDE_4_5, efforts: TO_HIGH }],
  [/claude-(sonnet|haiku)-4-5/, CLAUDE_4_5],
  [/claude-opus-4-1/, { ...OPUS_4, hasStructuredOutput: true }],
  [/claude-opus-4/, OPUS_4],
  [/claude-sonnet-4/, CLAUDE_4],
  [/claude-3-7/, { ...OLD, maxOutput: 64_000, reasoning: 'budget' }],
  [/claude-3-5/, { ...OLD, maxOutput: 8192 }],
  [/claude-(3|2|v2|instant)/, { ...OLD, maxOutput: 4096 }],
  // A model of Anthropic that is newer than this table.
  [/claude-/, { ...CLAUDE_5, maxOutput: undefined }],
];

/** A model of another author at a host with Anthropic's API: assume only that it supports the older parameters. */
const OTHER: ClaudeFacts = { ...OLD, reasoning: 'budget' };

/** Returns what a model accepts, by its name. An unknown model counts as a new one if it is Anthropic's, otherwise as an old one. */
export function claudeFacts(model: string): ClaudeFacts {
  const name = model.toLowerCase().replaceAll('.', '-');
  return FACTS.find(([pattern]) => pattern.test(name))?.[1] ?? OTHER;
}
