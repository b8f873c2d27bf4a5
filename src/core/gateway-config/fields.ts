import { DIALECT_NAMES } from '../../apis/vendors.ts';
import { STRATEGIES, TAG_FILTERS } from '../routing/target.ts';
import type { FailureKind } from '../routing/failure-kind.ts';
import type { ConfigField, ValueOf } from './field.ts';
import { SERVICE_FIELDS } from './service-fields.ts';

const TIMEOUTS = {
  connect: { kind: 'duration', description: 'longest wait for a connection', otherwise: '`--connect-timeout` (10s)' },
  first_token: {
    kind: 'duration',
    description: 'longest wait for the first token of a stream; after it, orx aborts the request and asks the next target',
    otherwise: '15s if another target is available, else `--first-byte-timeout` (60s)',
  },
  idle: { kind: 'duration', description: 'longest silence during a stream', otherwise: '`--idle-timeout` (60s)' },
  answer: { kind: 'duration', description: 'longest time for a whole answer', otherwise: 'no limit' },
} as const satisfies Record<string, ConfigField>;

const PRICES = {
  input: { kind: 'price', description: 'input tokens', otherwise: 'listed price' },
  output: { kind: 'price', description: 'output tokens', otherwise: 'listed price' },
  cache_read: { kind: 'price', description: 'input tokens read from a cache', otherwise: 'price of input' },
  cache_write: { kind: 'price', description: 'input tokens written to a cache', otherwise: 'price of input' },
} as const satisfies Record<string, ConfigField>;

/** A number for each kind of failure. */
const RETRIES_BY_KIND = {
  rate_limit: { kind: 'count', min: 0, max: 10, description: 'after status 429' },
  timeout: { kind: 'count', min: 0, max: 10, description: 'after a timeout, and status 408 and 504' },
  server_error: { kind: 'count', min: 0, max: 10, description: 'after other 5xx and lost connections' },
  authentication: { kind: 'count', min: 0, max: 10, description: 'after status 401' },
  not_found: { kind: 'count', min: 0, max: 10, description: 'after status 404' },
  bad_request: {
    kind: 'count',
    min: 0,
    max: 10,
    description: 'after other 4xx, except 402 and 403; never if the prompt is too long',
  },
  content_policy: { kind: 'count', min: 0, max: 10, description: 'after a refusal by the content policy' },
} as const satisfies Record<FailureKind, ConfigField>;

const FAILURES_BY_KIND = {
  rate_limit: { kind: 'count', min: 1, description: 'with status 429' },
  timeout: { kind: 'count', min: 1, description: 'timeouts, and status 408 and 504' },
  server_error: { kind: 'count', min: 1, description: 'other 5xx and lost connections' },
  authentication: { kind: 'count', min: 1, description: 'with status 401' },
  not_found: { kind: 'count', min: 1, description: 'with status 404' },
  bad_request: { kind: 'count', min: 1, description: 'other 4xx, except 402 and 403; without a number they lead to no pause' },
  content_policy: {
    kind: 'count',
    min: 1,
    description: 'refusals by the content policy; without a number they lead to no pause',
  },
} as const satisfies Record<FailureKind, ConfigField>;

const TARGET = {
  model: { kind: 'text', description: 'the model: `vendor:model`, or `author/model` through OpenRouter' },
  weight: { kind: 'number', default: 1, min: 0, description: 'share of the requests, for the strategy `weight`' },
  order: { kind: 'count', default: 0, min: 0, description: 'targets with a lower order come first, with any strategy' },
  retries: { kind: 'count', min: 0, max: 10, description: 'retries on this target', otherwise: '`routing.retries`' },
  limits: {
    kind: 'object',
    description: 'limits of the target; orx skips a target that has reached one',
    fields: {
      requests_per_minute: { kind: 'count', min: 1, description: 'requests in 60 seconds', otherwise: 'no limit' },
      tokens_per_minute: { kind: 'count', min: 1, description: 'tokens in 60 seconds, input and output', otherwise: 'no limit' },
      parallel_requests: { kind: 'count', min: 1, description: 'concurrent requests', otherwise: 'no limit' },
    },
  },
  timeouts: { kind: 'object', description: 'replaces the top-level `timeouts`', fields: TIMEOUTS },
  cooldown: {
    kind: 'object',
    description: 'replaces the top-level `cooldown`',
    fields: {
      enabled: { kind: 'flag', description: '`false`: the target never pauses', otherwise: '`cooldown.enabled`' },
      pause: { kind: 'duration', description: 'first pause', otherwise: '`cooldown.pause`' },
      longest_pause: { kind: 'duration', description: 'longest pause', otherwise: '`cooldown.longest_pause`' },
    },
  },
  prices: { kind: 'object', description: 'USD per million tokens', fields: PRICES },
  tags: { kind: 'names', description: 'for `routing.tag_filter`; `default` stands for requests without tags', otherwise: 'none' },
  data_collection: {
    kind: 'choice',
    of: ['allow', 'deny'],
    description: 'what your contract allows: `deny` satisfies `provider.data_collection: deny` of a request',
    otherwise: 'not stated',
  },
  zdr: { kind: 'flag', description: 'your contract guarantees zero data retention', otherwise: 'not stated' },
  quantization: { kind: 'text', description: 'for `provider.quantizations` of a request, such as `fp8`', otherwise: '`unknown`' },
} as const satisfies Record<string, ConfigField>;

const MODEL = {
  targets: {
    kind: 'list',
    description: 'the models that answer; a string is the `model` of a target',
    of: { kind: 'object', description: 'a target', short: 'model', fields: TARGET },
  },
  strategy: { kind: 'choice', of: STRATEGIES, description: 'order of the targets', otherwise: '`routing.strategy`' },
  fallbacks: { kind: 'names', description: 'models to try if no target answers', otherwise: '`routing.fallbacks`' },
  context_fallbacks: {
    kind: 'names',
    description: 'models to try if the prompt is too long for this one',
    otherwise: '`fallbacks`',
  },
  policy_fallbacks: {
    kind: 'names',
    description: 'models to try if the content policy of this one rejects the prompt',
    otherwise: 'return the refusal',
  },
  retries_by_kind: {
    kind: 'object',
    description: 'replaces all of `routing.retries_by_kind` for this model',
    fields: RETRIES_BY_KIND,
  },
  hedge_after: {
    kind: 'duration',
    description: 'also ask a second target if the first one has sent no token by then',
    otherwise: '`routing.hedge_after`',
  },
  tag_filter: {
    kind: 'choice',
    of: [...TAG_FILTERS, 'none'],
    description: 'whether tags choose the target of this model',
    otherwise: '`routing.tag_filter`',
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
    description: 'the API that it offers',
    otherwise: "that of `like`, the vendor's own, or `chat-completions`",
  },
  like: { kind: 'text', description: 'the known vendor of which this one is another account or host' },
} as const satisfies Record<string, ConfigField>;

/** Every key of the configuration file. */
export const CONFIG = {
  kind: 'object',
  description: 'the file',
  fields: {
    models: {
      kind: 'map',
      key: 'name',
      description: 'names that clients request; `*` in a name matches any text, and `*` in `model` inserts that text',
      of: {
        kind: 'object',
        description: 'a model; a string or a list is short for its `targets`',
        short: 'targets',
        fields: MODEL,
      },
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
      description: 'keys and addresses; `openrouter` is also a vendor here',
      of: { kind: 'object', description: 'a vendor', fields: VENDOR },
    },
    routing: {
      kind: 'object',
      description: 'which target is asked, and what happens after a failure',
      fields: {
        strategy: { kind: 'choice', of: STRATEGIES, default: 'order', description: 'order of the targets of a model' },
        retries: {
          kind: 'count',
          min: 0,
          max: 10,
          description: 'retries on one target',
          otherwise: '2, or 1 if another target is available',
        },
        retries_by_kind: {
          kind: 'object',
          description: 'retries on one target after a kind of failure; replaces every other number of retries',
          fields: RETRIES_BY_KIND,
        },
        attempts: { kind: 'count', default: 6, min: 1, max: 50, description: 'attempts for one request at all targets together' },
        longest_wait: { kind: 'duration', default: '30s', description: 'longest Retry-After that orx waits for' },
        longest_wait_beside_others: {
          kind: 'duration',
          default: '3s',
          description: 'the same if another target is available',
        },
        fallbacks: { kind: 'names', description: 'fallbacks of every model that has no `fallbacks`', otherwise: 'none' },
        hedge_after: {
          kind: 'duration',
          description: 'also ask a second target if the first one has sent no token by then',
          otherwise: 'never',
        },
        tag_filter: {
          kind: 'choice',
          of: TAG_FILTERS,
          description:
            'send a request with tags only to targets that have any or all of them, else to those with the tag `default`',
          otherwise: 'tags do not matter',
        },
        tag_prefix: {
          kind: 'text',
          description: 'removed from tags of requests before they are compared; a tag with it does not lead to the tag `default`',
          otherwise: 'none',
        },
        unlisted_models: {
          kind: 'flag',
          default: true,
          description: 'also serve every `vendor:model` and `author/model` that is not listed',
        },
      },
    },
    timeouts: { kind: 'object', description: 'limits of one attempt', fields: TIMEOUTS },
    cooldown: {
      kind: 'object',
      description: 'a target that fails pauses, then one request probes it',
      fields: {
        enabled: { kind: 'flag', default: true, description: '`false`: targets never pause' },
        pause: {
          kind: 'duration',
          default: '5s',
          description: 'first pause, doubled after each failed probe; Retry-After overrides it, up to 60s',
        },
        longest_pause: { kind: 'duration', default: '20s', description: 'longest pause' },
        failures: {
          kind: 'count',
          default: 3,
          min: 1,
          description: 'failures within a minute before a pause; 401, 402, 404, 429 and timeouts pause immediately',
        },
        failure_share: {
          kind: 'number',
          default: 0.5,
          min: 0,
          max: 1,
          description: 'minimum share of failed requests in that minute',
        },
        failures_by_kind: {
          kind: 'object',
          description:
            'failures of one kind within a minute before a pause, whatever their share; also for kinds that pause immediately',
          fields: FAILURES_BY_KIND,
        },
      },
    },
    keys: {
      kind: 'choice',
      of: ['required'],
      description: 'all clients need a key of `orx serve keys add`',
      otherwise: 'required once a key exists',
    },
    master_key: { kind: 'secret', description: 'one key that is valid for every client', otherwise: 'none' },
    ...SERVICE_FIELDS,
  },
} as const satisfies ConfigField;

export type GatewayConfig = ValueOf<typeof CONFIG>;
export type ModelConfig = ValueOf<typeof CONFIG.fields.models.of>;
export type TargetConfig = ValueOf<typeof MODEL.targets.of>;
export type VendorConfig = ValueOf<typeof CONFIG.fields.vendors.of>;
export type BudgetConfig = ValueOf<typeof CONFIG.fields.budgets.of>;
