import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import { nearestWord } from '../text/near-names.ts';
import type { ConfigField, ConfigFlag, ConfigProblem, MapField, ObjectField } from './field.ts';
import { CONFIG, type GatewayConfig } from './fields.ts';
import { type Environment, readScalar } from './scalars.ts';

/** The values of a configuration, and which of them the file sets. */
export interface ReadConfig {
  config: GatewayConfig;
  /** Paths that the file sets; all others have their defaults. */
  given: ReadonlySet<string>;
  /** The flags that set a value instead, by its path. */
  flags: ReadonlyMap<string, string>;
  problems: readonly ConfigProblem[];
}

/** Reads a parsed file, with typed flags over it. If there are problems, the caller must not use `config`. */
export function readConfig(
  document: Document.Parsed | Document,
  lines: LineCounter,
  env: Environment,
  flags: readonly ConfigFlag[],
): ReadConfig {
  const reader = new ConfigReader(document, lines, env);
  const config = withFlags(reader.read(CONFIG, document.contents, '') as Record<string, unknown>, flags) as GatewayConfig;
  return { config, given: reader.given, flags: new Map(flags.map(({ path, flag }) => [path, flag])), problems: reader.problems };
}

function withFlags(config: Record<string, unknown>, flags: readonly ConfigFlag[]): Record<string, unknown> {
  const changed = { ...config };
  for (const { path, value } of flags) {
    const [section = '', name = ''] = path.split('.');
    changed[section] = { ...(changed[section] as Record<string, unknown>), [name]: value };
  }
  return changed;
}

class ConfigReader {
  readonly problems: ConfigProblem[] = [];
  readonly given = new Set<string>();
  readonly #document: Document.Parsed | Document;
  readonly #lines: LineCounter;
  readonly #env: Environment;

  constructor(document: Document.Parsed | Document, lines: LineCounter, env: Environment) {
    this.#document = document;
    this.#lines = lines;
    this.#env = env;
  }

  read(field: ConfigField, given: unknown, path: string): unknown {
    const node = this.#resolve(given);
    switch (field.kind) {
      case 'object':
        return this.#readObject(field, node, path);
      case 'map':
        return this.#readMap(field, node, path);
      case 'list': {
        if (isNothing(node)) return [];
        const items = isSeq(node) ? node.items : [node];
        return items.map((item, index) => this.read(field.of, item, `${path}[${index}]`));
      }
      case 'names': {
        if (isNothing(node)) return undefined;
        this.given.add(path);
        const items = (isSeq(node) ? node.items : [node]).map((item) => this.#resolve(item));
        const names = items.map((item) => (isScalar(item) ? String(item.value) : ''));
        if (names.includes('')) this.#fail(path, node, 'must be a list of names');
        return names;
      }
      case 'choice': {
        if (isNothing(node)) return field.default;
        this.given.add(path);
        const value = isScalar(node) ? String(node.value) : '';
        if (field.of.includes(value)) return value;
        const near = nearestWord(value, field.of);
        return this.#fail(
          path,
          node,
          `must be one of ${field.of.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
        );
      }
      default: {
        if (isNothing(node)) return this.#readDefault(field);
        this.given.add(path);
        if (!isScalar(node)) return this.#fail(path, node, 'must be a single value');
        const read = readScalar(field, node.value, this.#env);
        return 'value' in read ? read.value : this.#fail(path, node, read.problem);
      }
    }
  }

  #readDefault(field: Extract<ConfigField, { default?: unknown }>): unknown {
    if (field.default === undefined || field.kind === 'choice') return field.default;
    const read = readScalar(field, field.default, {});
    return 'value' in read ? read.value : undefined;
  }

  #readObject(field: ObjectField, node: unknown, path: string): Record<string, unknown> {
    const short = field.short !== undefined && !isNothing(node) && !isMap(node) ? field.short : undefined;
    const found = new Map<string, unknown>();
    if (short !== undefined) {
      found.set(short, node);
    } else if (isMap(node)) {
      for (const { key, value } of this.#pairs(node)) {
        const name = keyText(key);
        if (Object.hasOwn(field.fields, name)) found.set(name, value);
        else this.#fail(join(path, name), key, unknownKey(name, Object.keys(field.fields)));
      }
    } else if (!isNothing(node)) {
      this.#fail(path, node, 'must be a map of names to values');
    }
    return Object.fromEntries(
      Object.entries(field.fields).map(([name, child]) => [name, this.read(child, found.get(name), join(path, name))]),
    );
  }

  #readMap(field: MapField, node: unknown, path: string): ReadonlyMap<string, unknown> {
    if (isNothing(node)) return new Map();
    if (!isMap(node)) {
      this.#fail(path, node, 'must be a map of names to values');
      return new Map();
    }
    return new Map(
      this.#pairs(node).map(({ key, value }) => [keyText(key), this.read(field.of, value ?? null, join(path, keyText(key)))]),
    );
  }

  /** Returns the pairs of a map, with pairs merged by `<<` first, so that the map's own pairs win. */
  #pairs(map: YAMLMap): readonly Pair[] {
    const merged = map.items
      .filter(({ key }) => keyText(key) === '<<')
      .flatMap(({ value }) => {
        const source = this.#resolve(value);
        const maps = (isSeq(source) ? source.items : [source]).map((one) => this.#resolve(one));
        return maps.filter((one) => isMap(one)).flatMap((one) => one.items);
      });
    return [...merged, ...map.items.filter(({ key }) => keyText(key) !== '<<')];
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #fail(path: string, node: unknown, message: string): undefined {
    const range = (node as Node | undefined)?.range;
    const line = range === undefined || range === null ? undefined : this.#lines.linePos(range[0]).line;
    this.problems.push({ path, line: line === 0 ? undefined : line, message });
    return undefined;
  }
}

function isNothing(node: unknown): boolean {
  return node === undefined || node === null || (isScalar(node) && node.value === null);
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function unknownKey(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known);
  return near === undefined ? `is not known here; known are ${known.join(', ')}` : `is not known; did you mean ${near}?`;
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
