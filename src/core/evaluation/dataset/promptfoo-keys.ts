import { usageError } from '../../../errors.ts';
import { editDistance } from '../../text/near-names.ts';
import type { ReadingNotes } from './source.ts';

/** The parts of a configuration whose keys promptfoo knows. */
export type KeyPlace = 'configuration' | 'prompt' | 'provider' | 'test' | 'options' | 'assertion' | 'scenario';

/** The keys of promptfoo's configurations, older names included. What orx does with them is no matter here. */
const KNOWN: Readonly<Record<KeyPlace, readonly string[]>> = {
  configuration: [
    '$schema',
    '$defs',
    'definitions',
    'assertionTemplates',
    'tags',
    'description',
    'providers',
    'targets',
    'prompts',
    'tests',
    'scenarios',
    'defaultTest',
    'outputPath',
    'sharing',
    'nunjucksFilters',
    'env',
    'derivedMetrics',
    'extensions',
    'metadata',
    'redteam',
    'writeLatestResults',
    'tracing',
    'evaluateOptions',
    'commandLineOptions',
  ],
  prompt: ['id', 'raw', 'label', 'display', 'file', 'template', 'function', 'config'],
  provider: ['id', 'label', 'config', 'prompts', 'transform', 'delay', 'env', 'inputs'],
  test: [
    '$ref',
    'id',
    'description',
    'vars',
    'provider',
    'providers',
    'prompts',
    'providerOutput',
    'assert',
    'assertScoringFunction',
    'options',
    'threshold',
    'metadata',
    'path',
    'config',
  ],
  options: [
    'prefix',
    'suffix',
    'postprocess',
    'transform',
    'transformVars',
    'storeOutputAs',
    'rubricPrompt',
    'provider',
    'factuality',
    'disableVarExpansion',
    'disableConversationVar',
    'disableDefaultAsserts',
    'runSerially',
  ],
  assertion: [
    '$ref',
    'type',
    'value',
    'config',
    'threshold',
    'weight',
    'provider',
    'rubricPrompt',
    'metric',
    'transform',
    'postprocess',
    'contextTransform',
    'assert',
  ],
  scenario: ['$ref', 'description', 'config', 'tests'],
};
/** Longer words for keys, which differ by too many letters to be near. */
const MEANT: Readonly<Record<string, string>> = {
  assertion: 'assert',
  assertions: 'assert',
  variable: 'vars',
  variables: 'vars',
};
/**
 * Up to this share of the letters may differ. A word for something else, such as `actions`, must not be taken for a misspelled key.
 */
const FARTHEST = 1 / 4;
/** The same share for keys that begin with the same letter: people seldom mistype the first one. */
const FARTHEST_ALIKE = 1 / 3;
/** Shorter keys, such as `id`, resemble too many words. */
const SHORTEST = 4;
const LONGEST_KEY = 40;

/** Returns whether promptfoo knows a key. */
export function isKnownKey(key: string, place: KeyPlace): boolean {
  return KNOWN[place].includes(key);
}

/**
 * Throws kind `usage` for a key that is probably misspelled, because ignoring `asserts` would let every answer pass. Other unknown keys
 * are noted.
 */
export function checkKeys(fields: Readonly<Record<string, unknown>>, place: KeyPlace, notes: ReadingNotes, at?: string): void {
  for (const key of Object.keys(fields)) {
    if (isKnownKey(key, place)) continue;
    const meant = meantKey(key, KNOWN[place]);
    if (meant !== undefined) throw misspelled(key, meant, place, at);
    notes.addNotRun('field', `${PREFIXES[place]}${key}`, 'orx does not know this field');
  }
}

/** Throws kind `usage` for a misspelled parameter. A provider has any number of fields of its own, so the others are not noted. */
export function checkParameters(config: Readonly<Record<string, unknown>>, parameters: readonly string[]): void {
  for (const key of Object.keys(config)) {
    // Vendors have `top_a` and `min_tokens`, and some write `maxTokens`.
    if (key.length > LONGEST_KEY || parameters.some((known) => bare(known) === bare(key))) continue;
    const meant = parameters.find((known) => known.length > 5 && editDistance(key, known) === 1);
    if (meant !== undefined) throw misspelled(key, meant, 'provider', undefined);
  }
}

function misspelled(key: string, meant: string, place: KeyPlace, at: string | undefined): Error {
  const where = place === 'test' || place === 'configuration' ? '' : ` of ${NAMES[place]}`;
  return usageError(`${at === undefined ? '' : `${at}: `}unknown key ${key}${where}; did you mean ${meant}?`);
}

function meantKey(key: string, known: readonly string[]): string | undefined {
  if (key.length > LONGEST_KEY) return undefined;
  const written = bare(key);
  const synonym = MEANT[written];
  if (synonym !== undefined && known.includes(synonym)) return synonym;
  const [nearest] = known
    .filter((one) => one.length >= SHORTEST || bare(one) === written)
    .map((one) => ({ one, share: editDistance(written, bare(one)) / Math.max(written.length, one.length) }))
    .filter(({ one, share }) => share <= (bare(one)[0] === written[0] ? FARTHEST_ALIKE : FARTHEST))
    .toSorted((one, other) => one.share - other.share);
  return nearest?.one;
}

/** The letters of a key: `default_test` stands for `defaultTest`. */
function bare(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

const NAMES: Readonly<Record<Exclude<KeyPlace, 'test' | 'configuration'>, string>> = {
  prompt: 'a prompt',
  provider: 'a provider',
  options: 'the options',
  assertion: 'an assertion',
  scenario: 'a scenario',
};
const PREFIXES: Readonly<Record<KeyPlace, string>> = {
  configuration: '',
  prompt: 'prompts.',
  provider: 'providers.',
  test: 'tests.',
  options: 'options.',
  assertion: 'assert.',
  scenario: 'scenarios.',
};
