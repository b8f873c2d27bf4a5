import { laneDetail, type LaneIdentity } from '../../core/compare/lane-plan.ts';
import { combinations } from '../../core/compare/vary.ts';
import { type EvaluationFile, type FileLane, isAskedBy } from '../../core/evaluation/test-case.ts';
import type { MatrixLane } from '../../core/matrix/cell.ts';
import type { RequestOverrides } from '../../core/request/chat-request.ts';
import { refuseSeveralAnswers } from '../../core/request/wire-options.ts';
import type { JsonSchema } from '../../core/schema/parse-schema.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { type SettingLayer, templateLayer } from '../../core/settings/layers.ts';
import { PARAMETER_KEYS } from '../../core/settings/parameters.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { resolveSettingModels } from '../catalogue/resolve-model.ts';
import { findLaneTargets } from '../compare/lane-targets.ts';
import { pinnedTo, readValues } from '../compare/lane-variants.ts';
import { COMPARE_SETTINGS } from '../compare/settings.ts';
import type { Context } from '../context.ts';
import { preparePrompt } from '../prompt/prepare.ts';
import type { MatrixOptions } from './options.ts';
import { placeOf } from './places.ts';

/** A lane before the values of `--vary` are applied. */
interface BaseLane {
  identity: Pick<LaneIdentity, 'model' | 'endpoint'>;
  /** As the file names it; undefined: by its model. */
  name?: string | undefined;
  /** Parameters that the file sets, between flags and environment. */
  layer?: SettingLayer | undefined;
  /** Fields of the request that are no settings. */
  extra?: Readonly<Record<string, unknown>> | undefined;
  takes: MatrixLane['takes'];
}

/** The lanes of a matrix, and settings that all of them share: connection, ledger, screen. */
export interface MatrixLanes {
  lanes: readonly MatrixLane[];
  settings: ChatSettings;
  /** The schema that every answer must match; undefined without `--schema`. */
  schema: JsonSchema | undefined;
}

/**
 * Returns the lanes of the flags; without any, those that the file names; otherwise the default model. Prints what it leaves out.
 * Sends nothing to a model.
 */
export async function prepareMatrixLanes(options: MatrixOptions, file: EvaluationFile, context: Context): Promise<MatrixLanes> {
  const { overrides, resolved } = await preparePrompt(
    {
      words: [],
      flags: options.flags,
      prompt: options.prompt,
      read: async () => ({ text: undefined, media: [], isPiped: false }),
    },
    COMPARE_SETTINGS,
    options.isQuiet,
    context,
  );
  const settings = await resolveSettingModels(resolved.values, context, options, ['fallback']);
  const bases = await baseLanes(options, file, settings, context);
  const variations = options.lanes?.variations ?? [];
  for (const { key } of variations)
    if (key === 'prompt' || key === 'template')
      throw usageError(
        `--vary ${key} cannot be combined with --prompts`,
        'the prompts come from the file; vary a parameter or system',
      );
  const lists = await Promise.all(variations.map((variation) => readValues(variation, context)));
  const lanes: MatrixLane[] = [];
  for (const base of bases) {
    for (const varied of combinations(lists)) {
      const own = Object.fromEntries(varied.map(({ key, text }) => [key, text]));
      const detail = laneDetail({ ...base.identity, lane: 0, varied });
      const name = [base.name ?? base.identity.model, detail].filter((part) => part !== '').join(' · ');
      lanes.push({
        ...placeOf(base.identity.model, settings, context),
        name: uniqueName(name, lanes),
        model: base.identity.model,
        settings: await laneSettings(base, { ...options.flags, ...own }, settings, context),
        overrides: withExtra(overrides, base.extra),
        takes: base.takes,
      });
    }
  }
  return { lanes, settings, schema: schemaOf(overrides) };
}

function schemaOf({ responseFormat }: RequestOverrides): JsonSchema | undefined {
  return responseFormat?.type === 'json_schema' ? (responseFormat.schema as JsonSchema) : undefined;
}

async function laneSettings(
  { identity, layer }: BaseLane,
  flags: MatrixOptions['flags'],
  { fallback }: Pick<ChatSettings, 'fallback'>,
  context: Context,
): Promise<ChatSettings> {
  const { values } = context.stores.resolveSettings(flags, ...(layer === undefined ? [] : [layer]));
  checkSettings(values, COMPARE_SETTINGS);
  const settings: ChatSettings = Object.create(values, { fallback: { value: fallback, enumerable: true } }) as ChatSettings;
  return identity.endpoint === undefined ? settings : pinnedTo(identity.endpoint.tag, settings);
}

function withExtra(overrides: RequestOverrides, extra: BaseLane['extra']): RequestOverrides {
  if (extra === undefined || Object.keys(extra).length === 0) return overrides;
  return { ...overrides, extra: { ...extra, ...overrides.extra } };
}

function uniqueName(name: string, lanes: readonly MatrixLane[]): string {
  const taken = new Set(lanes.map((lane) => lane.name));
  let unique = name;
  for (let number = 2; taken.has(unique); number += 1) unique = `${name} #${number}`;
  return unique;
}

async function baseLanes(
  options: MatrixOptions,
  file: EvaluationFile,
  settings: ChatSettings,
  context: Context,
): Promise<BaseLane[]> {
  const asked = options.lanes;
  const isNamed = asked !== undefined && (asked.names.length > 0 || asked.found !== undefined || asked.providers !== undefined);
  const named = file.lanes ?? [];
  if (isNamed) {
    const lanes = asked.names.length > 0 || asked.found !== undefined ? asked : { ...asked, names: [settings.model] };
    if (named.length > 0) note(`the models of ${file.path} are ignored, because the command names lanes`, options, context);
    const targets = await findLaneTargets(lanes, settings, context, options);
    return targets.map((identity) => ({ identity, takes: () => true }));
  }
  const usable = named.flatMap((lane) => fileLane(lane, options, context));
  if (usable.length > 0) return usable;
  if (named.length > 0)
    throw usageError(`orx cannot ask any of the models of ${visibleLine(file.path)}`, 'name models: -m MODEL,MODEL');
  const [target] = await findLaneTargets({ ...NO_LANES, names: [settings.model] }, settings, context, options);
  return [{ identity: target!, takes: () => true }];
}

const NO_LANES = {
  repeated: [],
  found: undefined,
  providers: undefined,
  variations: [],
  repeat: undefined,
  isMatrix: true,
} as const;

/** Returns the lane that a file describes; none, and a note, if orx cannot ask it. */
function fileLane(lane: FileLane, options: MatrixOptions, context: Context): BaseLane[] {
  const { model, label, id, parameters } = lane;
  if (model === undefined) {
    note(`${id} is not asked: ${lane.notRun ?? 'orx does not know this provider'}`, options, context);
    return [];
  }
  const values: Record<string, string> = {};
  const extra: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(parameters)) {
    const key = SETTING_OF_FIELD[field] ?? field.replaceAll('_', '-');
    if (PARAMETER_KEYS.some((known) => known === key)) values[key] = settingText(value);
    else extra[field] = value;
  }
  refuseSeveralAnswers(extra, options.path);
  return [
    {
      identity: { model },
      name: label ?? model,
      layer: templateLayer(options.path, values),
      extra,
      takes: (testCase) => isAskedBy(lane, testCase),
    },
  ];
}

/** Returns a value as the text of a setting: `logit_bias` is an object in a request, and a list of pairs as a setting. */
function settingText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, item]) => `${name}=${String(item)}`)
    .join(',');
}

const SETTING_OF_FIELD: Readonly<Record<string, string>> = { max_completion_tokens: 'max-tokens', reasoning_effort: 'effort' };

function note(text: string, { isQuiet }: Pick<MatrixOptions, 'isQuiet'>, { terminal: { streams } }: Context): void {
  if (!isQuiet) streams.stderr.write(`note: ${visibleLine(text)}\n`);
}
