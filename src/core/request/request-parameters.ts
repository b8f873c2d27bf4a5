import type { RequestSettings } from '../settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { ReasoningParameters, RequestParameters } from '../../apis/request-parameters.ts';
import { biasByToken, stopSequences } from '../settings/wire-parameters.ts';

/** The only format in which audio can be played while it streams. */
const STREAMED_SOUND = 'pcm16';

/** Returns the request parameters of these settings. Throws a usage error for parameters that exclude each other. */
export function requestParameters(settings: RequestSettings): RequestParameters {
  const { stop, voice, modalities } = settings;
  const bias = settings['logit-bias'];
  return {
    temperature: settings.temperature,
    maxTokens: settings['max-tokens'],
    topP: settings['top-p'],
    topK: settings['top-k'],
    minP: settings['min-p'],
    topA: settings['top-a'],
    frequencyPenalty: settings['frequency-penalty'],
    presencePenalty: settings['presence-penalty'],
    repetitionPenalty: settings['repetition-penalty'],
    seed: settings.seed,
    stop: stop === undefined ? undefined : stopSequences(stop),
    logitBias: bias === undefined ? undefined : biasByToken(bias),
    reasoning: reasoningParameters(settings),
    verbosity: settings.verbosity,
    modalities: modalities ?? (voice === undefined ? undefined : ['text', 'audio']),
    audio: voice === undefined ? undefined : { voice, format: settings['audio-format'] ?? STREAMED_SOUND },
    serviceTier: settings['service-tier'],
  };
}

function reasoningParameters(settings: RequestSettings): ReasoningParameters | undefined {
  const { effort } = settings;
  const maxTokens = settings['reasoning-tokens'];
  const exclude = settings['exclude-reasoning'] ? true : undefined;
  if (effort !== undefined && maxTokens !== undefined) {
    throw usageError(
      'effort and reasoning-tokens cannot be combined',
      'use one of them; show the stored settings: orx config list',
    );
  }
  return effort === undefined && maxTokens === undefined && exclude === undefined ? undefined : { effort, maxTokens, exclude };
}
