import type { MatrixPlan } from '../../core/matrix/cell.ts';
import type { LaneFacts } from '../../core/matrix/quote.ts';
import type { LaneConditions } from '../../core/matrix/report.ts';
import { PARAMETER_KEYS } from '../../core/settings/parameters.ts';
import { CONNECTION_SETTINGS } from '../../core/settings/groups.ts';
import { settingText } from '../../core/settings/setting-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { SettingFlags } from '../register.ts';

/** Returns the parameters of a lane and its price: that of its endpoint if only one may answer, otherwise that of the catalog. */
export function laneConditions(
  { settings }: Pick<MatrixPlan['lanes'][number], 'settings'>,
  { isLocal, model, endpoints }: LaneFacts,
): LaneConditions {
  const parameters = PARAMETER_KEYS.filter((key) => settings[key] !== undefined && settings[key] !== false);
  const pinned = settings['provider-fallbacks'] ? [] : (endpoints ?? []).filter(({ tag }) => settings.only?.includes(tag));
  const pricing = pinned.length === 1 ? pinned[0]!.pricing : model?.pricing;
  return {
    parameters: parameters.map((key) => `${key} ${settingText(settings[key])}`),
    price: isLocal ? 'local' : pricing && { prompt: pricing.prompt, completion: pricing.completion },
  };
}

/** Flags that say nothing about the run, and those of the connection, whose addresses may contain secrets. */
const UNSAID: ReadonlySet<string> = new Set([
  'output',
  'outFile',
  'force',
  'json',
  'quiet',
  'yes',
  'usage',
  'raw',
  'rankBy',
  'dryRun',
  'resume',
  ...CONNECTION_SETTINGS.filter((key) => key !== 'sandbox').map(camelCase),
]);

/** Returns the command that the user typed, with its flags as declared, for a shell. */
export function commandText(
  words: readonly string[],
  options: Readonly<Record<string, unknown>>,
  settings: SettingFlags,
): string {
  const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [camelCase(key), value]));
  // Its default is set even if nothing is sorted by a benchmark.
  const benchmark = options['sort'] === undefined ? undefined : options['benchmark'];
  const flags = Object.entries({ ...options, benchmark, ...own }).filter(([name]) => !UNSAID.has(name));
  return ['orx compare', ...words.map(shellWord), ...flags.flatMap(([name, value]) => flagWords(name, value))].join(' ');
}

function flagWords(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === true) return [flag];
  if (value === false) return [flag.replace('--', '--no-')];
  return (Array.isArray(value) ? value : [value]).flatMap((one) => [flag, shellWord(String(one))]);
}

function camelCase(key: string): string {
  return key.replaceAll(/-[a-z]/g, (part) => part[1]!.toUpperCase());
}
