import { ANSWER_MODALITIES, AUDIO_FORMATS, EFFORTS, SERVICE_TIERS, VERBOSITIES } from './closed-lists.ts';
import { flag, nonEmpty, numberBetween, oneOf, someOf, wholeNumber } from './parsers.ts';
import { spec, withDefault } from './spec.ts';
import { joinStops, logitBias, stopText } from './wire-parameters.ts';

/**
 * Settings that become parameters of a request, as rows of SETTINGS. A parameter without a value is not sent, and the provider's default
 * applies.
 */
export const PARAMETERS = {
  temperature: spec<number>({
    flags: '--temperature <number>',
    description: 'sampling temperature (0-2)',
    isCommon: true,
    parse: numberBetween('temperature', 0, 2),
  }),
  'max-tokens': spec<number>({
    flags: '--max-tokens <count>',
    description: 'maximum output tokens',
    isCommon: true,
    parse: wholeNumber('max-tokens', 1),
  }),
  'top-p': spec<number>({
    flags: '--top-p <number>',
    description: 'nucleus sampling: cumulative probability (0-1)',
    parse: numberBetween('top-p', 0, 1),
  }),
  'top-k': spec<number>({
    flags: '--top-k <count>',
    description: 'sample from this many most likely tokens (0: all)',
    parse: wholeNumber('top-k', 0),
  }),
  'min-p': spec<number>({
    flags: '--min-p <number>',
    description: 'minimum probability relative to the top token (0-1)',
    parse: numberBetween('min-p', 0, 1),
  }),
  'top-a': spec<number>({
    flags: '--top-a <number>',
    description: 'like min-p, relative to the squared top probability (0-1)',
    parse: numberBetween('top-a', 0, 1),
  }),
  'frequency-penalty': spec<number>({
    flags: '--frequency-penalty <number>',
    description: 'penalize tokens by how often they occurred (-2 to 2)',
    parse: numberBetween('frequency-penalty', -2, 2),
  }),
  'presence-penalty': spec<number>({
    flags: '--presence-penalty <number>',
    description: 'penalize tokens that already occurred (-2 to 2)',
    parse: numberBetween('presence-penalty', -2, 2),
  }),
  'repetition-penalty': spec<number>({
    flags: '--repetition-penalty <number>',
    description: 'penalize tokens of the prompt and answer (0-2, off: 1)',
    parse: numberBetween('repetition-penalty', 0, 2),
  }),
  seed: spec<number>({
    flags: '--seed <number>',
    description: 'random seed for reproducible answers, if supported',
    parse: wholeNumber('seed', Number.MIN_SAFE_INTEGER),
  }),
  stop: spec<string>({
    flags: '--stop <text>',
    description: 'stop sequence (repeatable, at most 4, or a JSON list)',
    parse: stopText,
    join: joinStops,
  }),
  'logit-bias': spec<readonly string[]>({
    flags: '--logit-bias <pairs>',
    description: 'bias tokens by id, such as 50256=-100,198=5 (-100 to 100)',
    parse: logitBias,
  }),
  effort: spec<string>({
    flags: '--effort <level>',
    description: 'reasoning: none, minimal, low, medium, high, xhigh or max',
    isCommon: true,
    ...oneOf('effort', EFFORTS),
  }),
  'reasoning-tokens': spec<number>({
    flags: '--reasoning-tokens <count>',
    description: 'maximum reasoning tokens (instead of --effort)',
    parse: wholeNumber('reasoning-tokens', 1),
  }),
  'exclude-reasoning': withDefault<boolean>({
    flags: '--exclude-reasoning',
    default: false,
    description: 'reason, but do not return the reasoning',
    parse: flag('exclude-reasoning'),
  }),
  verbosity: spec<string>({
    flags: '--verbosity <level>',
    description: 'length of the answer: low, medium, high, xhigh or max',
    ...oneOf('verbosity', VERBOSITIES),
  }),
  modalities: spec<readonly string[]>({
    flags: '--modalities <kinds>',
    description: 'types of output: text, image, audio (comma-separated)',
    ...someOf('modalities', ANSWER_MODALITIES),
  }),
  voice: spec<string>({
    flags: '--voice <name>',
    description: 'voice of spoken responses, such as alloy',
    parse: nonEmpty('voice'),
  }),
  'audio-format': spec<string>({
    flags: '--audio-format <format>',
    description: 'audio format: pcm16 (saved as WAV), wav, mp3, flac or opus',
    ...oneOf('audio-format', AUDIO_FORMATS),
  }),
  'service-tier': spec<string>({
    flags: '--service-tier <tier>',
    description: 'service tier: auto, default, flex, priority, fast or scale',
    ...oneOf('service-tier', SERVICE_TIERS),
  }),
} as const;

/** The key of a setting that becomes a parameter. */
export type ParameterKey = keyof typeof PARAMETERS;

export const PARAMETER_KEYS = Object.keys(PARAMETERS) as ParameterKey[];
