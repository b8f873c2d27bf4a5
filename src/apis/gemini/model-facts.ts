/** Differences between Google's models, by name. Source: ai.google.dev/gemini-api/docs/thinking and /thought-signatures. */

/** Names of models before Gemini 3. Unknown names count as newer models. */
const OLDER = /(^|\/)(gemini-[12](?![0-9])|gemini-pro(-vision)?$|gemini-robotics-er-1\.5)/i;

/** Returns the id without Google's resource prefix `models/`. */
export function bareModel(model: string): string {
  return model.replace(/^models\//i, '');
}

export function isGemma(model: string): boolean {
  return /(^|\/)gemma-/i.test(model);
}

/** Gemini 3 and later check thought signatures, have thinking levels, and accept media in tool results. */
export function isGemini3(model: string): boolean {
  return /(^|\/)gemini-/i.test(model) && !OLDER.test(model);
}

/** Models with other output than text get no thinking settings, except the image models of Gemini 3, which always reason. */
const SPEAKS_OR_EMBEDS = /-(tts|audio|live|embedding)\b/i;

/** How thinking is controlled. `budget`: by a number of tokens, 0 for none. `level`: by a named level. */
export type ThinkingControl =
  | {
      by: 'budget';
      /** The smallest budget other than 0. */
      least: number;
      most: number;
      /** The model can answer without thinking. */
      canStop: boolean;
      /** The model thinks by default. */
      isDefault: boolean;
    }
  | { by: 'level'; lowest: 'MINIMAL' | 'LOW' };

/** Returns undefined for a model that does not think. */
export function thinkingControl(model: string): ThinkingControl | undefined {
  if (SPEAKS_OR_EMBEDS.test(model)) return undefined;
  if (isGemini3(model)) return { by: 'level', lowest: lowestLevel(model) };
  if (!/(^|\/)gemini-2\.5(?![0-9])/i.test(model) || /-image\b/i.test(model)) return undefined;
  if (/-pro\b/i.test(model)) return { by: 'budget', least: 128, most: 32_768, canStop: false, isDefault: true };
  if (/-flash-lite\b/i.test(model)) return { by: 'budget', least: 512, most: 24_576, canStop: true, isDefault: false };
  return { by: 'budget', least: 1, most: 24_576, canStop: true, isDefault: true };
}

/** Only the flash models up to 3.6 support `minimal`. */
function lowestLevel(model: string): 'MINIMAL' | 'LOW' {
  const [, major = '', minor = '0'] = /(?:^|\/)gemini-(\d+)(?:\.(\d+))?-flash/i.exec(model) ?? [];
  return major === '3' && Number(minor) < 7 ? 'MINIMAL' : 'LOW';
}
