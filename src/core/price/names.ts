import type { PricingOverride, UnitPrices } from '../../apis/catalogue.ts';

export type PriceName = keyof UnitPrices;

/** The unit that a price applies to. */
export type PriceUnit = 'token' | 'request' | 'image' | 'search';

/** Every price in display order: its label, its name in the API, and its unit. */
export const PRICES: Readonly<Record<PriceName, { label: string; wire: string; unit: PriceUnit }>> = {
  prompt: { label: 'in', wire: 'prompt', unit: 'token' },
  cacheRead: { label: 'cached in', wire: 'input_cache_read', unit: 'token' },
  cacheWrite: { label: 'cache write', wire: 'input_cache_write', unit: 'token' },
  cacheWrite1h: { label: 'cache write 1 h', wire: 'input_cache_write_1h', unit: 'token' },
  completion: { label: 'out', wire: 'completion', unit: 'token' },
  internalReasoning: { label: 'reasoning', wire: 'internal_reasoning', unit: 'token' },
  audio: { label: 'audio in', wire: 'audio', unit: 'token' },
  audioCacheRead: { label: 'cached audio in', wire: 'input_audio_cache', unit: 'token' },
  audioOutput: { label: 'audio out', wire: 'audio_output', unit: 'token' },
  imageToken: { label: 'image tokens in', wire: 'image_token', unit: 'token' },
  imageOutput: { label: 'image tokens out', wire: 'image_output', unit: 'token' },
  request: { label: 'request', wire: 'request', unit: 'request' },
  image: { label: 'image in', wire: 'image', unit: 'image' },
  webSearch: { label: 'web search', wire: 'web_search', unit: 'search' },
};

export const PRICE_NAMES = Object.keys(PRICES) as readonly PriceName[];

/**
 * Returns the conditions of an override as text: `above 200k tokens, Mon–Fri, 16:30–00:30 UTC`. The same conditions always give the same text.
 */
export function conditionText({ minPromptTokens, utcStartMinute, utcEndMinute, utcDays }: PricingOverride): string {
  const parts: string[] = [];
  if (minPromptTokens !== undefined) parts.push(`above ${tokensText(minPromptTokens)} tokens`);
  if (utcDays !== undefined) parts.push(utcDays.map((day) => day.slice(0, 1).toUpperCase() + day.slice(1, 3)).join(' '));
  if (utcStartMinute !== undefined || utcEndMinute !== undefined) {
    parts.push(`${clockText(utcStartMinute ?? 0)}–${clockText(utcEndMinute ?? 24 * 60)} UTC`);
  } else if (utcDays !== undefined) parts[parts.length - 1] += ' UTC';
  return parts.length === 0 ? 'always' : parts.join(', ');
}

function tokensText(tokens: number): string {
  return tokens >= 1000 && tokens % 1000 === 0 ? `${tokens / 1000}k` : String(tokens);
}

function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
