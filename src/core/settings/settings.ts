import {
  aliases,
  apiKey,
  blend,
  flag,
  httpUrl,
  list,
  nonEmpty,
  oneOf,
  pricePair,
  proxyUrl,
  shortName,
  someOf,
  wholeNumber,
} from './parsers.ts';
import { QUANTIZATIONS } from './closed-lists.ts';
import { APP } from './app.ts';
import { PARAMETERS } from './parameters.ts';
import { SANDBOX } from './sandbox.ts';
import { type SettingSource, spec, withDefault } from './spec.ts';
import { TOOLS } from './tools.ts';
import { WAITS } from './wait.ts';
import { DEFAULT_BLEND } from './blend-text.ts';

export const DATA_POLICIES = ['standard', 'strict'] as const;
export type DataPolicy = (typeof DATA_POLICIES)[number];
export const ROUTE_SORTS = ['price', 'throughput', 'latency'] as const;
export type RouteSort = (typeof ROUTE_SORTS)[number];
export const OUTPUT_FORMATS = ['text', 'json', 'stream-json'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
export const THEMES = ['auto', 'dark', 'light', 'none'] as const;
export type ThemeName = (typeof THEMES)[number];

/**
 * Every setting of orx, once: its key in `orx config`, its flag, its environment variables, its type and its default.
 * Flags, environment, file and help are all made from this table.
 */
export const SETTINGS = {
  'api-key': spec<string>({
    env: ['OPENROUTER_API_KEY', 'OPENROUTER_KEY'],
    secret: true,
    description: 'API key; set it with: orx auth login',
    parse: apiKey,
  }),
  'base-url': withDefault<string>({
    flags: '--base-url <url>',
    env: ['OPENROUTER_BASE_URL'],
    default: 'https://openrouter.ai/api/v1',
    description: 'API address, with its path',
    parse: httpUrl('base-url'),
  }),
  'allow-http': withDefault<boolean>({
    flags: '--allow-http',
    default: false,
    description: 'allow a base URL without TLS that is not on this machine: the key travels readable',
    parse: flag('allow-http'),
  }),
  proxy: spec<string>({
    flags: '--proxy <url>',
    description: 'HTTP or SOCKS5 proxy; without it HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are honored',
    parse: proxyUrl('proxy'),
  }),
  sandbox: SANDBOX,
  model: withDefault<string>({
    flags: '-m, --model <id>',
    env: ['ORX_MODEL'],
    default: 'deepseek/deepseek-chat',
    description: 'model that answers',
    parse: nonEmpty('model'),
  }),
  system: spec<string>({
    flags: '-s, --system <text>',
    description: 'system prompt',
    parse: nonEmpty('system'),
  }),
  ...PARAMETERS,
  stream: withDefault<boolean>({
    flags: '--no-stream',
    default: true,
    description: 'wait for the whole answer instead of streaming it',
    parse: flag('stream'),
  }),
  fallback: spec<readonly string[]>({
    flags: '--fallback <models>',
    description: 'models to try, in order, when the first fails (comma list)',
    parse: list('fallback'),
  }),
  provider: spec<readonly string[]>({
    flags: '--provider <names>',
    description: 'providers to try first, in this order (comma list)',
    parse: list('provider'),
  }),
  only: spec<readonly string[]>({
    flags: '--only <names>',
    description: 'only these providers (comma list)',
    parse: list('only'),
  }),
  ignore: spec<readonly string[]>({
    flags: '--ignore <names>',
    description: 'never these providers (comma list)',
    parse: list('ignore'),
  }),
  'provider-fallbacks': withDefault<boolean>({
    flags: '--no-provider-fallbacks',
    default: true,
    description: 'no other provider when the first one fails',
    parse: flag('provider-fallbacks'),
  }),
  'route-by': spec<RouteSort>({
    flags: '--route-by <order>',
    description: `pick the provider by ${ROUTE_SORTS.join(', ')}`,
    ...oneOf('route-by', ROUTE_SORTS),
  }),
  'max-price': spec<{ prompt: string; completion: string }>({
    flags: '--max-price <in,out>',
    description: 'highest provider price, USD per million tokens in and out',
    parse: pricePair('max-price'),
  }),
  quantization: spec<readonly string[]>({
    flags: '--quantization <levels>',
    description: 'only these quantizations, such as fp8,bf16 (comma list)',
    ...someOf('quantization', QUANTIZATIONS),
  }),
  'data-policy': withDefault<DataPolicy>({
    flags: '--data-policy <policy>',
    default: 'standard',
    description: 'strict: no provider that stores prompts or trains on them, and zero retention',
    ...oneOf('data-policy', DATA_POLICIES),
  }),
  zdr: withDefault<boolean>({
    flags: '--zdr',
    default: false,
    description: 'only endpoints with zero data retention',
    parse: flag('zdr'),
  }),
  'strict-model': withDefault<boolean>({
    flags: '--strict-model',
    default: false,
    description: 'exit 9 when another model than the asked one answers',
    parse: flag('strict-model'),
  }),
  profile: withDefault<string>({
    flags: '--profile <name>',
    env: ['ORX_PROFILE'],
    default: 'default',
    description: 'name under which requests stand in the ledger, such as work or home; budgets can be set for it',
    parse: shortName('profile'),
  }),
  ledger: withDefault<boolean>({
    flags: '--no-ledger',
    env: ['ORX_LEDGER'],
    default: true,
    description: 'do not write the request into the ledger',
    parse: flag('ledger'),
  }),
  history: withDefault<boolean>({
    flags: '--no-history',
    env: ['ORX_HISTORY'],
    default: true,
    description: 'do not keep the conversation; its cost is still written into the ledger',
    parse: flag('history'),
  }),
  'prompt-cache': withDefault<boolean>({
    flags: '--no-prompt-cache',
    default: true,
    description: 'no cache marker for models of Anthropic in a longer conversation',
    parse: flag('prompt-cache'),
  }),
  markdown: withDefault<boolean>({
    flags: '--no-markdown',
    default: true,
    description: 'show the source of an answer on the terminal, not what its Markdown means',
    parse: flag('markdown'),
  }),
  theme: withDefault<ThemeName>({
    flags: '--theme <name>',
    default: 'auto',
    description: `theme of the terminal output: ${THEMES.join(', ')}`,
    ...oneOf('theme', THEMES),
  }),
  'screen-reader': withDefault<boolean>({
    flags: '--screen-reader',
    env: ['INK_SCREEN_READER'],
    default: false,
    description: 'plain lines for a screen reader: nothing moves, no color, answers as their source',
    parse: flag('screen-reader'),
  }),
  width: withDefault<number>({
    flags: '--width <columns>',
    default: 110,
    description: 'wrap prose at this many columns, also on a wider terminal (20-1000)',
    parse: wholeNumber('width', 20, 1000),
  }),
  ...APP,
  blend: withDefault<string>({
    flags: '--blend <in:out>',
    default: DEFAULT_BLEND,
    description: 'parts of input and output that models and endpoints are compared by when they are ordered by price or value',
    parse: blend('blend'),
  }),
  aliases: spec<Readonly<Record<string, string>>>({
    description: 'short names for models, such as fast=deepseek/deepseek-chat; set them with: orx alias set',
    parse: aliases('aliases'),
  }),
  favourites: spec<readonly string[]>({
    description: 'ids of favorite models (comma list); change them with: orx fav add',
    parse: list('favourites'),
  }),
  ...WAITS,
  ...TOOLS,
  retries: withDefault<number>({
    flags: '--retries <count>',
    env: ['ORX_RETRIES'],
    default: 2,
    description: 'how often a request is sent again when it failed before its first token in a way that may pass',
    parse: wholeNumber('retries', 0, 10),
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
type SettingValue<K extends SettingKey> = ReturnType<(typeof SETTINGS)[K]['parse']>;
type HasDefault<K extends SettingKey> = (typeof SETTINGS)[K] extends { default: unknown } ? true : false;

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

/** All settings in force for one run. Those without a default may be undefined. */
export type Settings = {
  readonly [K in SettingKey]: HasDefault<K> extends true ? SettingValue<K> : SettingValue<K> | undefined;
};

export interface ResolvedSettings {
  /**
   * Values of explicit layers are parsed already; those of the environment and the file when they are read first, so that a bad one stops
   * only what uses it: reading it throws a usage error that names where it stands.
   */
  values: Settings;
  /** What the environment or the file holds for a setting, before its rule has read it. It may be secret. */
  unparsed: Readonly<Partial<Record<SettingKey, unknown>>>;
  /** Source of each value; for `environment` also the variable's name. */
  sources: Readonly<Record<SettingKey, { source: SettingSource; name?: string }>>;
}
