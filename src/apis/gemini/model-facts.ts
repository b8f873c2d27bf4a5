/** What Google's models differ in, told from the name. Source: ai.google.dev/gemini-api/docs/thinking and /thought-signatures. */

/** Names that stand for models of before Gemini 3. A name that nobody knows yet is that of a newer one. */
const OLDER = /(^|\/)(gemini-[12](?![0-9])|gemini-pro(-vision)?$|gemini-robotics-er-1\.5)/i;

/** The id without the kind of resource that Google puts in front. */
export function bareModel(model: string): string {
  return model.replace(/^models\//i, '');
}

export function isGemma(model: string): boolean {
  return /(^|\/)gemma-/i.test(model);
}

/** Gemini 3 and later: it checks thought signatures, thinks by level, and takes media in results of tools. */
export function isGemini3(model: string): boolean {
  return /(^|\/)gemini-/i.test(model) && !OLDER.test(model);
}

/** Models that make something else than text are not asked to think, except for the image models of Gemini 3, which always do. */
const SPEAKS_OR_EMBEDS = /-(tts|audio|live|embedding)\b/i;

/** How a model is told to think. `budget`: by a count of tokens, 0 for none. `level`: in words. */
export type ThinkingControl =
  | {
      by: 'budget';
      /** The smallest count besides `off`. */
      least: number;
      most: number;
      /** It can answer without thinking. */
      canStop: boolean;
      /** It thinks when nothing is said. */
      isDefault: boolean;
    }
  | { by: 'level'; lowest: 'MINIMAL' | 'LOW' };

/** Undefined: it does not think. */
export function thinkingControl(model: string): ThinkingControl | undefined {
  if (SPEAKS_OR_EMBEDS.test(model)) return undefined;
  if (isGemini3(model)) return { by: 'level', lowest: lowestLevel(model) };
  if (!/(^|\/)gemini-2\.5(?![0-9])/i.test(model) || /-image\b/i.test(model)) return undefined;
  if (/-pro\b/i.test(model)) return { by: 'budget', least: 128, most: 32_768, canStop: false, isDefault: true };
  if (/-flash-lite\b/i.test(model)) return { by: 'budget', least: 512, most: 24_576, canStop: true, isDefault: false };
  return { by: 'budget', least: 1, most: 24_576, canStop: true, isDefault: true };
}

/** Only the flash models up to 3.6 know `minimal`. */
function lowestLevel(model: string): 'MINIMAL' | 'LOW' {
  const [, major = '', minor = '0'] = /(?:^|\/)gemini-(\d+)(?:\.(\d+))?-flash/i.exec(model) ?? [];
  return major === '3' && Number(minor) < 7 ? 'MINIMAL' : 'LOW';
}
