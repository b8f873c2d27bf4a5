import {
  aliases,
  apiKey,
  blend,
  flag,
  httpUrl,
  list,
  nonEmpty,
  numberBetween,
  oneOf,
  pricePair,
  programCall,
  proxyUrl,
  shortName,
  someOf,
  usdAmount,
  wholeNumber,
} from './parsers.ts';
import { QUANTIZATIONS } from './closed-lists.ts';
import { APP, CERTIFICATES } from './app.ts';
import { HEADERS } from './headers/extra-headers.ts';
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
 * Every setting of orx: its key in `orx config`, its flag, its environment variables, its type and its default. Flags, environment variables,
 * the settings file and help all use this table.
 */
export const SETTINGS = {
  'api-key': spec<string>({
    env: ['OPENROUTER_API_KEY', 'OPENROUTER_KEY'],
    secret: true,
    description: 'API key, stored by orx auth login',
    parse: apiKey,
  }),
  'key-command': spec<string>({
    description: 'command that prints the API key (runs without a shell)',
    parse: programCall,
  }),
  keychain: withDefault<boolean>({
    flags: '--keychain',
    default: false,
    description: 'store keys in the system keychain',
    parse: flag('keychain'),
  }),
  'base-url': withDefault<string>({
    flags: '--base-url <url>',
    env: ['OPENROUTER_BASE_URL'],
    default: 'https://openrouter.ai/api/v1',
    description: 'API base URL',
    parse: httpUrl('base-url'),
  }),
  'allow-http': withDefault<boolean>({
    flags: '--allow-http',
    default: false,
    description: 'allow plain HTTP to remote hosts (sends keys unencrypted)',
    parse: flag('allow-http'),
  }),
  proxy: spec<string>({
    flags: '--proxy <url>',
    description: 'HTTP or SOCKS5 proxy (overrides HTTPS_PROXY and others)',
    parse: proxyUrl('proxy'),
  }),
  ...CERTIFICATES,
  headers: HEADERS,
  sandbox: SANDBOX,
  model: withDefault<string>({
    flags: '-m, --model <id>',
    env: ['ORX_MODEL'],
    default: 'deepseek/deepseek-chat',
    description: 'model to use',
    isCommon: true,
    parse: nonEmpty('model'),
  }),
  system: spec<string>({
    flags: '-s, --system <text>',
    description: 'system prompt',
    isCommon: true,
    parse: nonEmpty('system'),
  }),
  ...PARAMETERS,
  stream: withDefault<boolean>({
    flags: '--no-stream',
    default: true,
    description: 'print the complete answer at once instead of streaming it',
    parse: flag('stream'),
  }),
  fallback: spec<readonly string[]>({
    flags: '--fallback <models>',
    description: 'models to try if the first one fails (comma-separated)',
    isCommon: true,
    parse: list('fallback'),
  }),
  'fallback-local': withDefault<boolean>({
    flags: '--fallback-local',
    default: false,
    description: 'try the models of --fallback from here, one by one',
    parse: flag('fallback-local'),
  }),
  restart: withDefault<boolean>({
    flags: '--restart',
    default: false,
    description: 'with --fallback-local: also after the first token',
    parse: flag('restart'),
  }),
  provider: spec<readonly string[]>({
    flags: '--provider <names>',
    description: 'providers to try first, in order (comma-separated)',
    isCommon: true,
    parse: list('provider'),
  }),
  only: spec<readonly string[]>({
    flags: '--only <names>',
    description: 'use only these providers (comma-separated)',
    parse: list('only'),
  }),
  ignore: spec<readonly string[]>({
    flags: '--ignore <names>',
    description: 'do not use these providers (comma-separated)',
    parse: list('ignore'),
  }),
  'provider-fallbacks': withDefault<boolean>({
    flags: '--no-provider-fallbacks',
    default: true,
    description: 'do not fall back to other providers',
    parse: flag('provider-fallbacks'),
  }),
  'route-by': spec<RouteSort>({
    flags: '--route-by <order>',
    description: 'choose providers by price, throughput or latency',
    ...oneOf('route-by', ROUTE_SORTS),
  }),
  'max-price': spec<{ prompt: string; completion: string }>({
    flags: '--max-price <in,out>',
    description: 'price limit in USD per million tokens, such as 0.5,1.5',
    parse: pricePair('max-price'),
  }),
  quantization: spec<readonly string[]>({
    flags: '--quantization <levels>',
    description: 'use only these quantizations, such as fp8,bf16',
    ...someOf('quantization', QUANTIZATIONS),
  }),
  'min-throughput': spec<number>({
    flags: '--min-throughput <tokens>',
    description: 'prefer providers with this many tokens per second',
    parse: numberBetween('min-throughput', 0, 1_000_000),
  }),
  'max-latency': spec<number>({
    flags: '--max-latency <seconds>',
    description: 'prefer providers whose first token comes in time',
    parse: numberBetween('max-latency', 0, 3600),
  }),
  'require-parameters': withDefault<boolean>({
    flags: '--require-parameters',
    default: false,
    description: 'use only providers that support all parameters sent',
    parse: flag('require-parameters'),
  }),
  'data-policy': withDefault<DataPolicy>({
    flags: '--data-policy <policy>',
    default: 'standard',
    description: 'data policy: standard or strict',
    isCommon: true,
    ...oneOf('data-policy', DATA_POLICIES),
  }),
  zdr: withDefault<boolean>({
    flags: '--zdr',
    default: false,
    description: 'use only endpoints with zero data retention',
    parse: flag('zdr'),
  }),
  'allow-data-collection': withDefault<boolean>({
    flags: '--allow-data-collection',
    default: false,
    description: 'lower the stored data policy for this command',
    parse: flag('allow-data-collection'),
  }),
  'strict-model': withDefault<boolean>({
    flags: '--strict-model',
    default: false,
    description: 'stop, and exit with 9, if a different model answers',
    parse: flag('strict-model'),
  }),
  profile: withDefault<string>({
    flags: '--profile <name>',
    env: ['ORX_PROFILE'],
    default: 'default',
    description: 'profile to use: see orx profile',
    parse: shortName('profile'),
  }),
  'project-file': withDefault<boolean>({
    flags: '--no-project-file',
    env: ['ORX_PROJECT_FILE'],
    default: true,
    description: 'ignore the project file (.orx.json)',
    parse: flag('project-file'),
  }),
  ledger: withDefault<boolean>({
    flags: '--no-ledger',
    env: ['ORX_LEDGER'],
    default: true,
    description: 'do not record the request in the ledger',
    parse: flag('ledger'),
  }),
  history: withDefault<boolean>({
    flags: '--no-history',
    env: ['ORX_HISTORY'],
    default: true,
    description: 'do not save the conversation (its cost is recorded)',
    parse: flag('history'),
  }),
  'prompt-cache': withDefault<boolean>({
    flags: '--no-prompt-cache',
    default: true,
    description: 'do not set cache markers for Anthropic models',
    parse: flag('prompt-cache'),
  }),
  markdown: withDefault<boolean>({
    flags: '--no-markdown',
    default: true,
    description: 'show Markdown source instead of rendering it',
    parse: flag('markdown'),
  }),
  theme: withDefault<ThemeName>({
    flags: '--theme <name>',
    default: 'auto',
    description: 'color theme: auto, dark, light or none',
    ...oneOf('theme', THEMES),
  }),
  'screen-reader': withDefault<boolean>({
    flags: '--screen-reader',
    env: ['INK_SCREEN_READER'],
    default: false,
    description: 'print plain lines for screen readers',
    parse: flag('screen-reader'),
  }),
  width: withDefault<number>({
    flags: '--width <columns>',
    default: 110,
    description: 'maximum width of text in columns (20-1000)',
    parse: wholeNumber('width', 20, 1000),
  }),
  ...APP,
  blend: withDefault<string>({
    flags: '--blend <in:out>',
    default: DEFAULT_BLEND,
    description: 'input:output ratio of blended prices',
    parse: blend('blend'),
  }),
  'confirm-above': withDefault<string>({
    env: ['ORX_CONFIRM_ABOVE'],
    default: '1',
    description: 'cost in USD above which orx compare asks first',
    parse: usdAmount('confirm-above'),
  }),
  aliases: spec<Readonly<Record<string, string>>>({
    description: 'short names of models, managed by orx alias',
    parse: aliases('aliases'),
  }),
  favorites: spec<readonly string[]>({
    description: 'favorite models, managed by orx fav (comma-separated)',
    parse: list('favorites'),
  }),
  ...WAITS,
  ...TOOLS,
  retries: withDefault<number>({
    flags: '--retries <count>',
    env: ['ORX_RETRIES'],
    default: 2,
    description: 'retries for transient failures (0-10)',
    parse: wholeNumber('retries', 0, 10),
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
type SettingValue<K extends SettingKey> = ReturnType<(typeof SETTINGS)[K]['parse']>;
type HasDefault<K extends SettingKey> = (typeof SETTINGS)[K] extends { default: unknown } ? true : false;

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

/** All settings in effect for one invocation. Settings without a default may be undefined. */
export type Settings = {
  readonly [K in SettingKey]: HasDefault<K> extends true ? SettingValue<K> : SettingValue<K> | undefined;
};

export interface ResolvedSettings {
  /**
   * The values. Those of explicit layers are already parsed; those of the environment and the file are parsed when first read, so that an
   * invalid one only affects what uses it: reading it throws a usage error that names its source.
   */
  values: Settings;
  /** The unparsed values of the environment and the file. They may be secret. */
  unparsed: Readonly<Partial<Record<SettingKey, unknown>>>;
  /** The source of each value; for `environment` also the name of the variable, for `profile` and `project` that of the profile or the path. */
  sources: Readonly<Record<SettingKey, { source: SettingSource; name?: string }>>;
}
