import { modelFamily } from '../model-id/family.ts';

/** In pixels, from 1. */
export interface ImageSize {
  width: number;
  height: number;
}

/** What an image counts as when nothing of it is known. */
export const USUAL_IMAGE: ImageSize = { width: 1024, height: 1024 };

/**
 * About how many tokens an image adds to a prompt, by the rule that the family's maker gives for its size; that of Anthropic stands in for
 * families whose makers give none. An estimate: services scale images in ways of their own.
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

/** Anthropic: a token for 750 pixels, after it was made to fit 1568 pixels and some 1,600 tokens. */
function byArea(size: ImageSize): number {
  const { width, height } = within(size, 1568);
  return Math.min(1600, Math.ceil((width * height) / 750));
}

/**
 * OpenAI: made to fit 2048 pixels and a shorter side of 768, then so many tokens for the whole and for each tile of 512. The small models of
 * 4o bill many more tokens of a price that is as much lower.
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

/** Google: 258 tokens for an image of 384 pixels at most, else for each tile, two thirds of the shorter side and 256 to 768 pixels wide. */
function byGoogleTiles({ width, height }: ImageSize): number {
  if (width <= 384 && height <= 384) return 258;
  const tile = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return 258 * Math.ceil(width / tile) * Math.ceil(height / tile);
}

/** Alibaba: a token for each 28 by 28 pixels, 1,280 of them at most as it comes, and two marks. */
function byQwenPatches({ width, height }: ImageSize): number {
  return Math.min(1280, Math.ceil(width / 28) * Math.ceil(height / 28)) + 2;
}

function within({ width, height }: ImageSize, longest: number): ImageSize {
  const shrink = Math.min(1, longest / Math.max(width, height));
  return { width: width * shrink, height: height * shrink };
}
