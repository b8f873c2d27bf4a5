import { ANSWER_MODALITIES, AUDIO_FORMATS, EFFORTS, SERVICE_TIERS, VERBOSITIES } from './closed-lists.ts';
import { flag, nonEmpty, numberBetween, oneOf, someOf, wholeNumber } from './parsers.ts';
import { spec, withDefault } from './spec.ts';
import { joinStops, logitBias, stopText } from './wire-parameters.ts';

/**
 * Settings that become parameters of a request, as rows of SETTINGS. Without a value nothing is sent, and the provider's default holds.
 */
export const PARAMETERS = {
  temperature: spec<number>({
    flags: '--temperature <number>',
    description: 'randomness, 0 to 2',
    parse: numberBetween('temperature', 0, 2),
  }),
  'max-tokens': spec<number>({
    flags: '--max-tokens <count>',
    description: 'upper limit of output tokens',
    parse: wholeNumber('max-tokens', 1),
  }),
  'top-p': spec<number>({
    flags: '--top-p <number>',
    description: 'only the most likely tokens that make up this share, 0 to 1',
    parse: numberBetween('top-p', 0, 1),
  }),
  'top-k': spec<number>({
    flags: '--top-k <count>',
    description: 'only this many of the most likely tokens; 0: all',
    parse: wholeNumber('top-k', 0),
  }),
  'min-p': spec<number>({
    flags: '--min-p <number>',
    description: 'only tokens at least so likely, as a share of the most likely, 0 to 1',
    parse: numberBetween('min-p', 0, 1),
  }),
  'top-a': spec<number>({
    flags: '--top-a <number>',
    description: 'as min-p, against the square of the most likely, 0 to 1',
    parse: numberBetween('top-a', 0, 1),
  }),
  'frequency-penalty': spec<number>({
    flags: '--frequency-penalty <number>',
    description: 'against tokens the more often they came, -2 to 2',
    parse: numberBetween('frequency-penalty', -2, 2),
  }),
  'presence-penalty': spec<number>({
    flags: '--presence-penalty <number>',
    description: 'against tokens that came at all, -2 to 2',
    parse: numberBetween('presence-penalty', -2, 2),
  }),
  'repetition-penalty': spec<number>({
    flags: '--repetition-penalty <number>',
    description: 'against repeating the prompt and the answer, 0 to 2; 1: off',
    parse: numberBetween('repetition-penalty', 0, 2),
  }),
  seed: spec<number>({
    flags: '--seed <number>',
    description: 'the same seed and request give about the same answer, where the model can',
    parse: wholeNumber('seed', Number.MIN_SAFE_INTEGER),
  }),
  stop: spec<string>({
    flags: '--stop <text>',
    description: 'end the answer before this text (repeatable; four at most; or a JSON list)',
    parse: stopText,
    join: joinStops,
  }),
  'logit-bias': spec<readonly string[]>({
    flags: '--logit-bias <pairs>',
    description: 'make tokens likelier or rarer, -100 to 100 (comma list of id=value)',
    parse: logitBias,
  }),
  effort: spec<string>({
    flags: '--effort <level>',
    description: 'how hard it thinks first: none, minimal, low, medium, high, xhigh or max',
    ...oneOf('effort', EFFORTS),
  }),
  'reasoning-tokens': spec<number>({
    flags: '--reasoning-tokens <count>',
    description: 'upper limit of reasoning tokens, in place of --effort',
    parse: wholeNumber('reasoning-tokens', 1),
  }),
  'exclude-reasoning': withDefault<boolean>({
    flags: '--exclude-reasoning',
    default: false,
    description: 'think, but do not send the thoughts',
    parse: flag('exclude-reasoning'),
  }),
  verbosity: spec<string>({
    flags: '--verbosity <level>',
    description: 'how long-winded it is: low, medium, high, xhigh or max',
    ...oneOf('verbosity', VERBOSITIES),
  }),
  modalities: spec<readonly string[]>({
    flags: '--modalities <kinds>',
    description: 'what the answer may be made of: text, image, audio (comma list)',
    ...someOf('modalities', ANSWER_MODALITIES),
  }),
  voice: spec<string>({
    flags: '--voice <name>',
    description: 'voice of a spoken answer, such as alloy',
    parse: nonEmpty('voice'),
  }),
  'audio-format': spec<string>({
    flags: '--audio-format <format>',
    description: 'form of a spoken answer: pcm16 (stored as wav), wav, mp3, flac or opus',
    ...oneOf('audio-format', AUDIO_FORMATS),
  }),
  'service-tier': spec<string>({
    flags: '--service-tier <tier>',
    description: 'auto, default, flex (cheaper, slower) or priority (more expensive, faster)',
    ...oneOf('service-tier', SERVICE_TIERS),
  }),
} as const;

/** A setting that becomes a parameter. */
export type ParameterKey = keyof typeof PARAMETERS;

export const PARAMETER_KEYS = Object.keys(PARAMETERS) as ParameterKey[];
