import type { ReasoningParameters, RequestParameters, ResponseFormat } from '../../../apis/request-parameters.ts';
import { badRequest } from '../../bad-request.ts';
import { type Fields, isFields } from '../fields.ts';
import { jsonSchemaOf } from './json-schema.ts';

/** The format of Google's audio output: 24,000 samples of 16 bits per second. */
const SPEECH_FORMAT = 'pcm16';

/** Parses `generationConfig`. Throws status 400. */
export function parseGenerationConfig(config: Fields | undefined): RequestParameters {
  if (config === undefined) return {};
  if ((config.count('candidateCount') ?? 1) !== 1)
    throw badRequest(`${config.place('candidateCount')} must be 1; send one request for each response`);
  const parameters: RequestParameters = {
    temperature: config.number('temperature'),
    topP: config.number('topP'),
    topK: config.number('topK'),
    maxTokens: config.count('maxOutputTokens'),
    stop: config.texts('stopSequences'),
    seed: config.number('seed'),
    presencePenalty: config.number('presencePenalty'),
    frequencyPenalty: config.number('frequencyPenalty'),
    responseFormat: parseResponseFormat(config),
    modalities: config.texts('responseModalities')?.map((name) => name.toLowerCase()),
    imageConfig: parseImageConfig(config.object('imageConfig')),
    audio: parseSpeech(config.object('speechConfig')),
    reasoning: parseThinking(config.object('thinkingConfig')),
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

/** Returns undefined for plain text, which is the default. */
function parseResponseFormat(config: Fields): ResponseFormat | undefined {
  const schema = jsonSchemaOf(
    config.get('responseJsonSchema') ?? config.get('_responseJsonSchema') ?? config.get('responseSchema'),
  );
  if (isFields(schema)) return { type: 'json_schema', name: 'answer', schema, strict: true };
  return config.text('responseMimeType') === 'application/json' ? { type: 'json_object' } : undefined;
}

function parseImageConfig(config: Fields | undefined): RequestParameters['imageConfig'] {
  const ratio = config?.text('aspectRatio');
  const size = config?.text('imageSize');
  if (ratio === undefined && size === undefined) return undefined;
  return { ...(ratio !== undefined && { aspect_ratio: ratio }), ...(size !== undefined && { image_size: size }) };
}

function parseSpeech(config: Fields | undefined): RequestParameters['audio'] {
  const voice = config?.object('voiceConfig')?.object('prebuiltVoiceConfig')?.text('voiceName');
  return voice === undefined ? undefined : { voice, format: SPEECH_FORMAT };
}

function parseThinking(config: Fields | undefined): ReasoningParameters | undefined {
  if (config === undefined) return undefined;
  const budget = config.number('thinkingBudget');
  const level = config.text('thinkingLevel')?.toLowerCase();
  // Reasoning is returned only to clients that request it.
  const hidden = config.flag('includeThoughts') === true ? {} : { exclude: true };
  if (level !== undefined && level !== 'thinking_level_unspecified') return { effort: level, ...hidden };
  if (budget === undefined) return config.flag('includeThoughts') === true ? { enabled: true } : undefined;
  if (budget === 0) return { effort: 'none' };
  return budget < 0 ? { enabled: true, ...hidden } : { maxTokens: budget, ...hidden };
}
