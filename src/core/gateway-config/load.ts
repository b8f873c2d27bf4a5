import { Document, isMap, isScalar, isSeq, LineCounter } from 'yaml';
import { buildSetup, type GatewaySetup } from './build.ts';
import { effectiveYaml } from './effective.ts';
import { buildService, type ServiceSetup } from './build-service.ts';
import type { ConfigFlag } from './field.ts';
import { convertLiteLlm } from './litellm/convert.ts';
import { includedPaths, mergeFiles } from './litellm/include.ts';
import { asFields } from './litellm/notes.ts';
import { badConfig, isLiteLlmFile, type ParsedFile, parseYamlFile, plainValues } from './parse-yaml.ts';
import { readConfig } from './read-config.ts';
import type { Environment } from './scalars.ts';

/** A valid configuration file. */
export interface LoadedConfig {
  setup: GatewaySetup;
  /** YAML of the configuration in effect, with keys hidden. */
  effective: string;
  /** What orx does not support in the file, and what is missing, one line each. */
  notes: readonly string[];
}

/** A file with its name for messages. */
export interface ConfigText {
  name: string;
  text: string;
}

/** Returns the paths of the files that a LiteLLM file includes. Throws kind `usage` if they are not paths. */
export function includesOf({ name, text }: ConfigText): readonly string[] {
  let parsed: ParsedFile;
  try {
    parsed = parseYamlFile(name, text);
  } catch {
    // loadConfig reports the same problem.
    return [];
  }
  return isLiteLlmFile(parsed) ? includedPaths(name, asFields(plainValues(parsed)) ?? {}) : [];
}

/**
 * Reads a configuration file of orx or LiteLLM, with the files that it includes; typed flags override its values. Throws kind `usage` with the
 * first problem, and a hint for each other one.
 */
export function loadConfig(
  name: string,
  text: string,
  env: Environment,
  flags: readonly ConfigFlag[] = [],
  included: readonly ConfigText[] = [],
): LoadedConfig {
  const main = parseYamlFile(name, text);
  if (!isLiteLlmFile(main)) return load(name, main.document, main.lines, { env, flags }, []);
  const all = [main, ...included.map((file) => parseYamlFile(file.name, file.text))];
  const { config, notes, environment } = convertLiteLlm(mergeFiles(all.map(plainValues)), env);
  const converted = new Document(config);
  const sources = { env: { ...env, ...environment }, flags };
  return load(name, converted, new LineCounter(), sources, [...notes, ...dropInvalid(converted, sources)]);
}

interface ValueSources {
  env: Environment;
  flags: readonly ConfigFlag[];
}

/** Values of a LiteLLM file without which orx still serves the same models to the same clients: others that are invalid are errors. */
const OPTIONAL =
  /^models\..*\.(targets\[\d+\]\.(order|weight|retries|limits|timeouts|cooldown|prices|tags)|retries_by_kind)\b|^(timeouts|cooldown)\.|^routing\.retries(_by_kind\..*)?$|^cache\.ttl$/;
/** Dropping a value may reveal a problem of another one. */
const MOST_PASSES = 5;

/** Removes values that orx cannot use, such as a timeout of a week, so that the file starts. Returns a note for each. */
function dropInvalid(document: Document, { env, flags }: ValueSources): string[] {
  const notes: string[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const read = readConfig(document, new LineCounter(), env, flags);
    const problems = read.problems.length > 0 ? read.problems : buildSetup(read.config, env).problems;
    const dropped = problems.filter(({ path }) => {
      const keys = OPTIONAL.test(path) ? keysOf(path, document.contents) : undefined;
      return keys !== undefined && document.deleteIn(keys);
    });
    if (dropped.length === 0) break;
    notes.push(...dropped.map(({ path, message }) => `${path} ${message}; it is not used`));
  }
  return notes;
}

/** Returns the keys of a path; undefined if the document does not contain it. Names may contain dots. */
function keysOf(path: string, node: unknown): (string | number)[] | undefined {
  if (path === '') return [];
  if (isSeq(node)) {
    const [, digits, rest = ''] = /^\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
    const inner = digits === undefined ? undefined : keysOf(rest, node.items[Number(digits)]);
    return inner && [Number(digits), ...inner];
  }
  if (!isMap(node)) return undefined;
  for (const { key, value } of node.items) {
    const name = String(isScalar(key) ? key.value : key);
    if (!path.startsWith(name) || !/^($|[.[])/.test(path.slice(name.length))) continue;
    const inner = keysOf(path.slice(name.length).replace(/^\./, ''), value);
    if (inner !== undefined) return [name, ...inner];
  }
  return undefined;
}

/** Returns how the gateway runs without a configuration file. The flags are valid together. */
export function serviceWithoutFile(flags: readonly ConfigFlag[]): ServiceSetup {
  return buildService(readConfig(new Document({}), new LineCounter(), {}, flags).config).service;
}

function load(
  name: string,
  document: Document | Document.Parsed,
  lines: LineCounter,
  { env, flags }: ValueSources,
  notes: readonly string[],
): LoadedConfig {
  const read = readConfig(document, lines, env, flags);
  if (read.problems.length > 0) throw badConfig(name, read.problems);
  const { setup, problems } = buildSetup(read.config, env);
  if (problems.length > 0)
    throw badConfig(
      name,
      problems.map((problem) => ({ ...problem, line: lineOf(problem.path, document, lines) })),
    );
  return { setup, effective: effectiveYaml(read), notes: [...notes, ...setup.notes] };
}

/** Returns the line at which a path begins, or the nearest ancestor of it that the file contains. */
function lineOf(path: string, document: Document | Document.Parsed, lines: LineCounter): number | undefined {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  for (let length = parts.length; length > 0; length -= 1) {
    const keys = parts.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const node = document.getIn(keys, true) as { range?: readonly number[] | null } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line || undefined;
  }
  return undefined;
}
