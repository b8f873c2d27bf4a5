/** What a model makes, by a word of its name, where nobody says. Vendors list what answers beside what draws, speaks and compares. */
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
