import { PARAMETER_KEYS, type ParameterKey } from './parameters.ts';
import type { SettingKey, Settings } from './settings.ts';

// Groups of settings. A function takes the group that it reads instead of all settings, so that its type shows what it depends on.

/** Settings of the connection. Every command accepts them, before or after its name. */
export const CONNECTION_SETTINGS = [
  'sandbox',
  'base-url',
  'proxy',
  'ca-cert',
  'client-cert',
  'client-key',
  'headers',
  'allow-http',
  'retries',
  'connect-timeout',
  'first-byte-timeout',
  'idle-timeout',
  'stall-timeout',
  'retry-max-time',
  'pacing',
  'app-url',
  'app-title',
  'app-categories',
] as const satisfies readonly SettingKey[];

/** Settings that select stored settings. Every command accepts them. */
export const SELECTION_SETTINGS = ['profile', 'project-file'] as const satisfies readonly SettingKey[];

/** Settings of the appearance on a terminal. Every command accepts them. */
export const APPEARANCE_SETTINGS = ['theme', 'screen-reader'] as const satisfies readonly SettingKey[];

/** Settings of how answers are displayed on a terminal. */
export const SCREEN_SETTINGS = ['markdown', 'width', ...APPEARANCE_SETTINGS] as const satisfies readonly SettingKey[];

/** Settings of the request itself. */
export const REQUEST_SETTINGS = ['system', 'stream'] as const satisfies readonly SettingKey[];

/** Settings that become parameters of the request. */
export const PARAMETER_SETTINGS: readonly ParameterKey[] = PARAMETER_KEYS;

/** Settings that choose the provider. */
export const ROUTING_SETTINGS = [
  'fallback',
  'provider',
  'only',
  'ignore',
  'provider-fallbacks',
  'route-by',
  'max-price',
  'quantization',
  'min-throughput',
  'max-latency',
  'require-parameters',
  'data-policy',
  'zdr',
  'allow-data-collection',
  'strict-model',
] as const satisfies readonly SettingKey[];

/** Settings of how orx itself goes through a fallback list. */
export const FALLBACK_SETTINGS = ['fallback-local', 'restart'] as const satisfies readonly SettingKey[];

/** Settings that choose the provider of a request that only one model can answer: a vector of another model is worthless. */
export const VECTOR_ROUTING_SETTINGS = ROUTING_SETTINGS.filter((key) => key !== 'fallback' && key !== 'strict-model');

/** Settings of what is recorded of a request. */
export const LEDGER_SETTINGS = ['ledger'] as const satisfies readonly SettingKey[];

/** Settings of what is stored of a conversation, and of which part of it the API caches. */
export const HISTORY_SETTINGS = ['history', 'prompt-cache'] as const satisfies readonly SettingKey[];

/** Settings of how tools run. */
export const TOOL_SETTINGS = ['max-steps', 'tool-timeout', 'tool-output'] as const satisfies readonly SettingKey[];

/** Settings of how models are named and compared. */
export const CATALOGUE_SETTINGS = ['blend', 'aliases', 'favorites'] as const satisfies readonly SettingKey[];

/** Settings of what the user confirms before it costs money. */
export const CONFIRMATION_SETTINGS = ['confirm-above'] as const satisfies readonly SettingKey[];

/** Which API orx uses, with which key, and how long it waits. */
export type ConnectionSettings = Pick<Settings, 'api-key' | (typeof CONNECTION_SETTINGS)[number]>;
export type ScreenSettings = Pick<Settings, (typeof SCREEN_SETTINGS)[number]>;
/** All settings of a request except messages and routing. */
export type RequestSettings = Pick<Settings, 'model' | (typeof REQUEST_SETTINGS)[number] | ParameterKey>;
export type RoutingSettings = Pick<Settings, (typeof ROUTING_SETTINGS)[number]>;
export type FallbackSettings = Pick<Settings, (typeof FALLBACK_SETTINGS)[number]>;
/** The profile is recorded with each request. */
export type LedgerSettings = Pick<Settings, 'profile' | (typeof LEDGER_SETTINGS)[number]>;
export type HistorySettings = Pick<Settings, (typeof HISTORY_SETTINGS)[number]>;
export type ToolSettings = Pick<Settings, 'allow-tools' | (typeof TOOL_SETTINGS)[number]>;
export type CatalogueSettings = Pick<Settings, (typeof CATALOGUE_SETTINGS)[number]>;
export type ConfirmationSettings = Pick<Settings, (typeof CONFIRMATION_SETTINGS)[number]>;
/** The settings that a chat uses. */
export type ChatSettings = ConnectionSettings &
  ConfirmationSettings &
  CatalogueSettings &
  RequestSettings &
  RoutingSettings &
  FallbackSettings &
  LedgerSettings &
  HistorySettings &
  ScreenSettings &
  ToolSettings;
