import { DIALECT_NAMES } from '../../apis/vendors.ts';
import { STRATEGIES } from '../routing/target.ts';
import type { ConfigField, ValueOf } from './field.ts';

const TIMEOUTS = {
  connect: { kind: 'duration', description: 'longest wait for a connection', otherwise: '`--connect-timeout` (10s)' },
  first_token: {
    kind: 'duration',
    description: 'longest wait for the first token of a stream; then the request is aborted and the next target asked',
    otherwise: '15s where another target can be asked, else `--first-byte-timeout` (60s)',
  },
  idle: { kind: 'duration', description: 'longest silence within a stream', otherwise: '`--idle-timeout` (60s)' },
  answer: { kind: 'duration', description: 'longest time for a whole answer', otherwise: 'no limit' },
} as const satisfies Record<string, ConfigField>;

const PRICES = {
  input: { kind: 'price', description: 'input tokens', otherwise: 'listed price' },
  output: { kind: 'price', description: 'output tokens', otherwise: 'listed price' },
  cache_read: { kind: 'price', description: 'input tokens read from a cache', otherwise: 'price of input' },
  cache_write: { kind: 'price', description: 'input tokens written to a cache', otherwise: 'price of input' },
} as const satisfies Record<string, ConfigField>;

const TARGET = {
  model: { kind: 'text', description: 'what is asked: `vendor:model`, or `author/model` through OpenRouter' },
  weight: { kind: 'number', default: 1, min: 0, description: 'share of the requests, for the strategy `weight`' },
  order: { kind: 'count', default: 0, min: 0, description: 'targets of a lower order are asked first, whatever the strategy' },
  retries: { kind: 'count', min: 0, max: 10, description: 'retries on this target', otherwise: '`routing.retries`' },
  limits: {
    kind: 'object',
    description: 'how much the target is asked; a target at its limit is skipped',
    fields: {
      requests_per_minute: { kind: 'count', min: 1, description: 'requests in 60 seconds', otherwise: 'no limit' },
      tokens_per_minute: { kind: 'count', min: 1, description: 'tokens in 60 seconds, input and output', otherwise: 'no limit' },
      parallel_requests: { kind: 'count', min: 1, description: 'requests at the same time', otherwise: 'no limit' },
    },
  },
  timeouts: { kind: 'object', description: 'in place of the `timeouts` of the configuration', fields: TIMEOUTS },
  prices: { kind: 'object', description: 'USD per million tokens', fields: PRICES },
  data_collection: {
    kind: 'choice',
    of: ['allow', 'deny'],
    description: 'what your contract says: `deny` satisfies `provider.data_collection: deny` of a request',
    otherwise: 'not stated',
  },
  zdr: { kind: 'flag', description: 'your contract guarantees zero data retention', otherwise: 'not stated' },
  quantization: { kind: 'text', description: 'such as `fp8`, for `provider.quantizations` of a request', otherwise: '`unknown`' },
} as const satisfies Record<string, ConfigField>;

const MODEL = {
  targets: {
    kind: 'list',
    description: 'the models that answer; a text is the `model` of a target',
    of: { kind: 'object', description: 'a target', short: 'model', fields: TARGET },
  },
  strategy: { kind: 'choice', of: STRATEGIES, description: 'how the targets are ordered', otherwise: '`routing.strategy`' },
  fallbacks: { kind: 'names', description: 'models to try when no target answers', otherwise: '`routing.fallbacks`' },
  context_fallbacks: {
    kind: 'names',
    description: 'the same where the prompt is too long for this one',
    otherwise: '`fallbacks`',
  },
  policy_fallbacks: {
    kind: 'names',
    description: 'models to try when the content policy of this one refuses',
    otherwise: 'the refusal is the answer',
  },
  hedge_after: {
    kind: 'duration',
    description: 'ask a second target when the first has sent no token by then',
    otherwise: '`routing.hedge_after`',
  },
} as const satisfies Record<string, ConfigField>;

const VENDOR = {
  base_url: { kind: 'url', description: 'address of the API, with its path', otherwise: "the vendor's own" },
  key: {
    kind: 'secret',
    description: '`env:NAME`, `command:…` (its first line of output), or the key itself',
    otherwise: 'as `orx vendors list` shows',
  },
  dialect: {
    kind: 'choice',
    of: DIALECT_NAMES,
    description: 'how it is spoken to',
    otherwise: "that of `like`, the vendor's own, or `chat-completions`",
  },
  like: { kind: 'text', description: 'a vendor that orx knows and that this one is another account or host of' },
} as const satisfies Record<string, ConfigField>;

/** Every key of the configuration file. */
export const CONFIG = {
  kind: 'object',
  description: 'the file',
  fields: {
    models: {
      kind: 'map',
      key: 'name',
      description:
        'names that clients ask for; a name with `*` stands for all that match, and the `*` in `model` for what it matched',
      of: { kind: 'object', description: 'a model; a text or a list is its `targets`', short: 'targets', fields: MODEL },
    },
    aliases: {
      kind: 'map',
      key: 'name',
      description: 'other names of models',
      of: { kind: 'text', description: 'the model that it stands for' },
    },
    vendors: {
      kind: 'map',
      key: 'vendor',
      description: 'keys and addresses; `openrouter` is a name here',
      of: { kind: 'object', description: 'a vendor', fields: VENDOR },
    },
    routing: {
      kind: 'object',
      description: 'who is asked, and what follows a failure',
      fields: {
        strategy: { kind: 'choice', of: STRATEGIES, default: 'order', description: 'how the targets of a model are ordered' },
        retries: {
          kind: 'count',
          min: 0,
          max: 10,
          description: 'retries on one target',
          otherwise: '2, or 1 where another target can be asked',
        },
        attempts: { kind: 'count', default: 6, min: 1, max: 50, description: 'attempts of one request, all targets together' },
        longest_wait: { kind: 'duration', default: '30s', description: 'longest Retry-After that is waited for' },
        longest_wait_beside_others: {
          kind: 'duration',
          default: '3s',
          description: 'the same where another target can be asked',
        },
        fallbacks: { kind: 'names', description: 'models to try for every model without `fallbacks`', otherwise: 'none' },
        hedge_after: {
          kind: 'duration',
          description: 'ask a second target when the first has sent no token by then',
          otherwise: 'never',
        },
        unlisted_models: {
          kind: 'flag',
          default: true,
          description: 'also serve `vendor:model` and `author/model` that no name stands for',
        },
      },
    },
    timeouts: { kind: 'object', description: 'limits of one attempt', fields: TIMEOUTS },
    cooldown: {
      kind: 'object',
      description: 'a target that fails pauses, then one request probes it',
      fields: {
        pause: {
          kind: 'duration',
          default: '5s',
          description: 'first pause; doubled after each failed probe. Retry-After wins, up to 60s',
        },
        longest_pause: { kind: 'duration', default: '20s', description: 'longest pause' },
        failures: {
          kind: 'count',
          default: 3,
          min: 1,
          description: 'failures within a minute before a pause; 401, 402, 404, 429 and silence pause at once',
        },
        failure_share: {
          kind: 'number',
          default: 0.5,
          min: 0,
          max: 1,
          description: 'share of the requests of that minute that must have failed',
        },
      },
    },
    keys: {
      kind: 'choice',
      of: ['required'],
      description: 'every client needs a key of `orx serve keys add`',
      otherwise: 'required once there is one',
    },
    master_key: { kind: 'secret', description: 'one key that every client has to give', otherwise: 'none' },
  },
} as const satisfies ConfigField;

export type GatewayConfig = ValueOf<typeof CONFIG>;
export type ModelConfig = ValueOf<typeof CONFIG.fields.models.of>;
export type TargetConfig = ValueOf<typeof MODEL.targets.of>;
export type VendorConfig = ValueOf<typeof CONFIG.fields.vendors.of>;
