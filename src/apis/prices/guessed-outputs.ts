/**
 * Output types of a model by a word in its name, when no source states them. Vendors list chat models together with models for
 * images, audio and embeddings.
 */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/embed/, 'embeddings'],
  [/rerank/, 'rerank'],
  [/moderation/, 'moderation'],
  [/whisper|transcribe|\bstt\b/, 'transcription'],
  [/\btts\b|speech/, 'speech'],
  [/\bsora\b|\bveo\b|video/, 'video'],
  [/dall-e|imagen|\bimage\b|flux|stable-diffusion/, 'image'],
];

export function guessedOutputs(model: string): readonly string[] {
  const name = model.toLowerCase().replaceAll('_', '-');
  return [WORDS.find(([word]) => word.test(name))?.[1] ?? 'text'];
}
