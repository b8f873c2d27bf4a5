import { usageError } from '../../errors.ts';
import type { ChatRequest } from '../completion.ts';
import type { RequestParameters, ResponseFormat } from '../request-parameters.ts';
import { encodeThinking } from './encode-thinking.ts';

type Config = Record<string, unknown>;

const MOST_STOPS = 5;
const IMAGE_OPTIONS: Readonly<Record<string, string>> = { aspect_ratio: 'aspectRatio', image_size: 'imageSize' };
/** The format of Google's audio output: 24,000 samples of 16 bits per second. */
const SPEECH_FORMAT = 'pcm16';

/** Returns `generationConfig`, and a line for each setting that the model does not support. */
export function encodeConfig(request: ChatRequest, model: string): { config: Config | undefined; dropped: readonly string[] } {
  const { stop = [], modalities, imageConfig, audio, responseFormat } = request;
  const dropped: string[] = [];
  const thinking = encodeThinking(model, request.reasoning);
  if (stop.length > MOST_STOPS) dropped.push(`stop: Google accepts ${MOST_STOPS}; orx sent the first ${MOST_STOPS}`);
  const config: Config = {
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    maxOutputTokens: request.maxTokens,
    stopSequences: stop.length === 0 ? undefined : stop.slice(0, MOST_STOPS),
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    ...(responseFormat !== undefined && encodeFormat(responseFormat)),
    responseModalities: modalities?.map((name) => name.toUpperCase()),
    imageConfig: imageConfig === undefined ? undefined : encodeImageConfig(imageConfig, dropped),
    speechConfig: audio === undefined ? undefined : encodeSpeech(audio),
    thinkingConfig: thinking.config,
  };
  const present = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  return { config: Object.keys(present).length === 0 ? undefined : present, dropped: [...dropped, ...thinking.dropped] };
}

function encodeFormat(format: ResponseFormat): Config {
  const responseMimeType = 'application/json';
  return format.type === 'json_object' ? { responseMimeType } : { responseMimeType, responseJsonSchema: format.schema };
}

function encodeImageConfig(options: NonNullable<RequestParameters['imageConfig']>, dropped: string[]): Config | undefined {
  const config: Config = {};
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(IMAGE_OPTIONS, name)) config[IMAGE_OPTIONS[name]!] = value;
    else dropped.push(`image_config.${name}: Google has no such option`);
  }
  return Object.keys(config).length === 0 ? undefined : config;
}

function encodeSpeech({ voice, format }: NonNullable<RequestParameters['audio']>): Config {
  if (format !== SPEECH_FORMAT)
    throw usageError(`Google does not offer the audio format ${format}`, `use the format ${SPEECH_FORMAT}`);
  return { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } };
}
