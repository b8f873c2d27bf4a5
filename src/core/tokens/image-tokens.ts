import { modelFamily } from '../model-id/family.ts';

/** In pixels, from 1. */
export interface ImageSize {
  width: number;
  height: number;
}

/** The assumed size of an image if nothing is known of it. */
export const USUAL_IMAGE: ImageSize = { width: 1024, height: 1024 };

/**
 * Returns about how many tokens an image adds to a prompt, by the rule that the author of the family publishes for its size; Anthropic's rule is
 * used for families without one. An estimate: providers scale images differently.
 */
export function imageTokens(modelId: string, size: ImageSize): number {
  const family = modelFamily(modelId);
  const rule = RULES.find(({ families }) => families.includes(family));
  return Math.max(1, (rule?.tokens ?? byArea)(size, modelId.toLowerCase()));
}

const RULES: readonly { families: readonly string[]; tokens: (size: ImageSize, id: string) => number }[] = [
  { families: ['openai/gpt', 'openai/chatgpt', 'openai/o', 'openai/codex'], tokens: byOpenAiTiles },
  { families: ['google/gemini', 'google/gemma'], tokens: byGoogleTiles },
  { families: ['qwen/qwen'], tokens: byQwenPatches },
];

/** Anthropic: scaled to fit 1568 pixels, then one token per 750 pixels, at most 1,600 tokens. */
function byArea(size: ImageSize): number {
  const { width, height } = within(size, 1568);
  return Math.min(1600, Math.ceil((width * height) / 750));
}

/**
 * OpenAI: scaled to fit 2048 pixels and a shorter side of 768, then a number of tokens for the whole image and for each tile of 512 pixels. The
 * small 4o models count many more tokens, at a proportionally lower price.
 */
function byOpenAiTiles(size: ImageSize, id: string): number {
  const { width, height } = within(size, 2048);
  const shrink = Math.min(1, 768 / Math.min(width, height));
  const tiles = Math.ceil((width * shrink) / 512) * Math.ceil((height * shrink) / 512);
  const [whole, tile] = /4o-mini/.test(id)
    ? [2833, 5667]
    : /gpt-5/.test(id)
      ? [70, 140]
      : /\/o\d/.test(id)
        ? [75, 150]
        : [85, 170];
  return whole! + tile! * tiles;
}

/**
 * Google: 258 tokens for an image of at most 384 by 384 pixels, otherwise for each tile; a tile is two thirds of the shorter side wide, from 256
 * to 768 pixels.
 */
function byGoogleTiles({ width, height }: ImageSize): number {
  if (width <= 384 && height <= 384) return 258;
  const tile = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return 258 * Math.ceil(width / tile) * Math.ceil(height / tile);
}

/** Alibaba: one token per 28 by 28 pixels, at most 1,280 by default, plus two marker tokens. */
function byQwenPatches({ width, height }: ImageSize): number {
  return Math.min(1280, Math.ceil(width / 28) * Math.ceil(height / 28)) + 2;
}

function within({ width, height }: ImageSize, longest: number): ImageSize {
  const shrink = Math.min(1, longest / Math.max(width, height));
  return { width: width * shrink, height: height * shrink };
}
