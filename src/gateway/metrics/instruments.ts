import type { Attributes, Counter, Histogram, Meter, ObservableUpDownCounter } from '@opentelemetry/api';

// Bucket boundaries in seconds, for requests and for single tokens. Source: OpenTelemetry's semantic conventions for generative
// AI.
const REQUEST_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKEN_SECONDS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const TOKEN_SECONDS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];
const OVERHEAD_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** The metrics of the gateway. Names that begin with `gen_ai.` are OpenTelemetry's, the others orx's own. */
export interface Instruments {
  duration: Histogram;
  firstToken: Histogram;
  perToken: Histogram;
  tokens: Histogram;
  overhead: Histogram;
  requests: Counter;
  errors: Counter;
  cost: Counter;
  retries: Counter;
  fallbacks: Counter;
  hedges: Counter;
  hedgeCost: Counter;
  cacheReads: Counter;
  cacheHits: Counter;
  active: ObservableUpDownCounter;
}

export type MetricLabels = Attributes;

export function createInstruments(meter: Meter): Instruments {
  const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]): Histogram =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
  return {
    duration: histogram(
      'gen_ai.server.request.duration',
      's',
      'Time of a request, from its first byte to its end.',
      REQUEST_SECONDS,
    ),
    firstToken: histogram(
      'gen_ai.server.time_to_first_token',
      's',
      'Time from a request to the first token of its answer.',
      FIRST_TOKEN_SECONDS,
    ),
    perToken: histogram(
      'gen_ai.server.time_per_output_token',
      's',
      'Time of each token after the first one, on average over an answer.',
      TOKEN_SECONDS,
    ),
    tokens: histogram('gen_ai.client.token.usage', '{token}', 'Tokens of a request, by type.', TOKENS),
    overhead: histogram(
      'orx.overhead',
      's',
      'Time from a request to its first attempt: the overhead of the gateway.',
      OVERHEAD_SECONDS,
    ),
    requests: meter.createCounter('orx.requests', { description: 'Requests that have ended, by route and HTTP status.' }),
    errors: meter.createCounter('orx.errors', { description: 'Requests that failed, by reason.' }),
    cost: meter.createCounter('orx.cost', {
      unit: 'USD',
      description: 'Cost of the answers and of hedges, as stated or computed.',
    }),
    retries: meter.createCounter('orx.retries', { description: 'Retries of the same target.' }),
    fallbacks: meter.createCounter('orx.fallbacks', { description: 'Changes from one target to the next.' }),
    hedges: meter.createCounter('orx.hedges', { description: 'Requests that were also sent to a second target.' }),
    hedgeCost: meter.createCounter('orx.hedge.cost', { unit: 'USD', description: 'Cost of the slower attempts of hedges.' }),
    cacheReads: meter.createCounter('orx.cache.read', {
      unit: '{token}',
      description: 'Prompt tokens that a vendor read from its cache.',
    }),
    cacheHits: meter.createCounter('orx.cache.hits', { description: "Answers that came from the gateway's own cache." }),
    active: meter.createObservableUpDownCounter('orx.active_requests', { description: 'Requests in progress.' }),
  };
}
