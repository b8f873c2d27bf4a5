import { usageError } from '../../../errors.ts';
import type { ParsedDocument } from './documents.ts';
import { withReferences } from './json-references.ts';
import { CaseBuilder } from './promptfoo-cases.ts';
import { checkKeys } from './promptfoo-keys.ts';
import { defaultProblems, keyProblems } from './promptfoo-problems.ts';
import { readLanes } from './promptfoo-lanes.ts';
import { type PromptTemplate, readPrompts } from './promptfoo-prompts.ts';
import { type RawTest, readTestList, readTests, readTestsFile, usageReason } from './promptfoo-tests.ts';
import { References } from './references.ts';
import { count } from './rows.ts';
import {
  type EvaluationSource,
  type FormatReader,
  itemsIn,
  objectOf,
  type ReadEvent,
  ReadingNotes,
  type ReadingChoices,
  scalarIn,
} from './source.ts';

type Fields = Readonly<Record<string, unknown>>;

const NOT_RUN_FIELDS = ['extensions', 'nunjucksFilters', 'derivedMetrics', 'redteam', 'targets'];
/** Variables that hold the prompt of a tests file without a configuration. */
const PROMPT_VARIABLES = ['prompt', 'question', 'input'] as const;

/** Returns whether a parsed file is a configuration of promptfoo. */
export function isPromptfooConfig(value: unknown): boolean {
  const fields = objectOf(value) ?? {};
  const has = (...keys: readonly string[]): boolean => keys.some((key) => fields[key] !== undefined);
  return (
    (has('prompts') && has('tests', 'providers', 'scenarios')) || (has('tests', 'scenarios') && has('providers', 'defaultTest'))
  );
}

/** Returns whether an item of a list is a test of promptfoo. */
export function isPromptfooTest(item: unknown): boolean {
  const fields = objectOf(item);
  return fields !== undefined && (objectOf(fields['vars']) !== undefined || Array.isArray(fields['assert']));
}

/** Reads a configuration of promptfoo. */
export async function openPromptfooConfig(
  path: string,
  document: ParsedDocument,
  source: EvaluationSource,
  choices: ReadingChoices,
): Promise<FormatReader> {
  const references = new References(source);
  const config = objectOf(await withReferences(document.value, path, references)) ?? {};
  const first = new ReadingNotes();
  const problems = keyProblems(config, path, document, first);
  if (config['prompts'] === undefined && choices.prompts === undefined && problems.length === 0)
    throw usageError(`${path} has no prompts`, 'add the field prompts to the file');
  const prompts =
    choices.prompts !== undefined
      ? ownPrompts(choices.prompts)
      : config['prompts'] === undefined
        ? []
        : await readPrompts(config['prompts'], path, references, first);
  const providers = config['providers'] ?? config['targets'];
  const key = config['providers'] === undefined ? 'targets' : 'providers';
  const { lanes, problems: laneProblems } = await readLanes(providers, path, references, first, (index) =>
    document.lineOf(Array.isArray(providers) ? [key, index] : [key]),
  );
  return {
    format: 'promptfoo configuration',
    prompts: prompts.map(({ name }) => name),
    lanes,
    async *read(notes) {
      yield* problems;
      yield* laneProblems;
      for (const { what, reference, reason } of first.notRun) notes.addNotRun(what, reference, reason);
      for (const name of NOT_RUN_FIELDS)
        if (config[name] !== undefined) notes.addNotRun('field', name, 'orx does not use this field');
      if (choices.prompts === undefined) notes.say(`prompts → ${count(prompts.length, 'prompt')}`);
      else notes.say('the prompts of the file are replaced');
      if (lanes.length > 0)
        notes.say(`providers → ${count(lanes.length, 'lane')}: ${lanes.map(({ id, label }) => label ?? id).join(', ')}`);
      const defaults = await readDefaults(config['defaultTest'], path, references);
      warnOfGrader(defaults.fields, notes);
      yield* defaultProblems(defaults, { file: path, line: document.lineOfKey('defaultTest') }, notes);
      const builder = new CaseBuilder(prompts, defaults, references, notes);
      for await (const raw of testsOf(config, document, path, references, notes)) yield* builder.casesOf(raw);
    },
  };
}

/** Reads a tests file of promptfoo without a configuration: YAML, JSON, JSONL or CSV. The prompt is a variable unless one is given. */
export function openPromptfooTests(
  path: string,
  document: ParsedDocument | undefined,
  source: EvaluationSource,
  choices: ReadingChoices,
): FormatReader {
  const references = new References(source);
  const prompts = choices.prompts === undefined ? undefined : ownPrompts(choices.prompts);
  return {
    format: 'promptfoo tests',
    prompts: (prompts ?? []).map(({ name }) => name),
    async *read(notes) {
      const variable = choices.map?.['prompt'];
      if (prompts !== undefined) notes.say('columns → variables of the prompt');
      else notes.say(`${variable ?? `the variable ${PROMPT_VARIABLES.join(', ')}`} → prompt`);
      const defaults = { fields: {}, file: path };
      const given = prompts === undefined ? undefined : new CaseBuilder(prompts, defaults, references, notes);
      const builders = new Map<string, CaseBuilder>();
      const tests =
        document === undefined ? readTestsFile(path, references, notes) : readTestList(document, path, references, notes);
      let number = 0;
      for await (const raw of tests) {
        const name: string | undefined =
          given !== undefined || 'reason' in raw ? undefined : promptVariable(raw.fields, variable);
        if (given === undefined && name === undefined && !('reason' in raw)) {
          yield noPrompt(raw, variable);
          continue;
        }
        const key = name ?? '';
        const builder = given ?? builders.get(key) ?? new CaseBuilder([variablePrompt(key, path)], defaults, references, notes);
        builders.set(key, builder);
        number += 1;
        yield* builder.casesOf(raw);
      }
      if (number === 0) notes.warn('the file has no tests');
    },
  };
}

export function ownPrompts(prompts: readonly string[]): PromptTemplate[] {
  return prompts.map((text, index) => ({
    name: String(index + 1),
    text,
    place: prompts.length === 1 ? 'the prompt' : `prompt ${index + 1}`,
  }));
}

function variablePrompt(name: string, path: string): PromptTemplate {
  return { name, text: `{{ ${name} }}`, place: path };
}

function promptVariable(fields: Fields, mapped: string | undefined): string | undefined {
  const vars = objectOf(fields['vars']) ?? {};
  return (mapped === undefined ? [...PROMPT_VARIABLES] : [mapped]).find((name: string) => scalarIn(vars[name]) !== undefined);
}

function noPrompt({ origin, fields }: Extract<RawTest, { fields: Fields }>, mapped: string | undefined): ReadEvent {
  const names = Object.keys(objectOf(fields['vars']) ?? {}).join(', ');
  const wanted = mapped ?? PROMPT_VARIABLES.join(', ');
  return {
    kind: 'unreadable',
    row: { origin, reason: `it has no prompt: no variable is called ${wanted} (there is ${names === '' ? 'none' : names})` },
  };
}

async function readDefaults(value: unknown, file: string, references: References): Promise<{ fields: Fields; file: string }> {
  if (typeof value !== 'string') return { fields: objectOf(value) ?? {}, file };
  const [path] = await references.paths(value, file);
  const fields = objectOf(await withReferences(await references.content(path!), path!, references));
  if (fields === undefined) throw usageError(`${path} is not a test: it is not an object`);
  return { fields, file: path! };
}

function warnOfGrader(fields: Fields, notes: ReadingNotes): void {
  const grader = objectOf(fields['options'])?.['provider'] ?? fields['provider'];
  const id = scalarIn(grader) ?? scalarIn(objectOf(grader)?.['id']);
  if (id !== undefined) notes.warn(`the file names ${id} as its grader: choose a judge with --judge MODEL`);
}

async function* testsOf(
  config: Fields,
  { lineOf }: ParsedDocument,
  path: string,
  references: References,
  notes: ReadingNotes,
): AsyncGenerator<RawTest> {
  const { tests, scenarios } = config;
  if (tests === undefined && scenarios === undefined) yield { origin: { file: path }, fields: {} };
  yield* readTests(tests, path, references, notes, (index) => lineOf(Array.isArray(tests) ? ['tests', index] : ['tests']));
  for (const [index, scenario] of itemsIn(scenarios).entries()) {
    const origin = { file: path, line: lineOf(['scenarios', index]) };
    for (const fields of await scenariosOf(scenario, path, references)) {
      try {
        checkKeys(fields, 'scenario', notes);
      } catch (error) {
        yield { origin, reason: usageReason(error) };
        continue;
      }
      yield* scenarioTests(fields, origin, references, notes);
    }
  }
}

async function scenariosOf(scenario: unknown, path: string, references: References): Promise<Fields[]> {
  if (typeof scenario !== 'string') return [objectOf(scenario) ?? {}];
  const found: Fields[] = [];
  for (const file of await references.paths(scenario, path))
    for (const one of itemsIn(await withReferences(await references.content(file), file, references)))
      found.push(objectOf(one) ?? {});
  return found;
}

/** A scenario is each of its configurations with each of its tests. */
async function* scenarioTests(
  scenario: Fields,
  origin: { file: string; line: number | undefined },
  references: References,
  notes: ReadingNotes,
): AsyncGenerator<RawTest> {
  const tests: RawTest[] = [];
  for await (const test of readTests(scenario['tests'] ?? {}, origin.file, references, notes)) tests.push(test);
  for await (const data of readTests(scenario['config'] ?? {}, origin.file, references, notes)) {
    if ('reason' in data) {
      yield data;
      continue;
    }
    for (const test of tests) yield 'reason' in test ? test : { origin, fields: combined(data.fields, test.fields) };
  }
}

function combined(data: Fields, test: Fields): Fields {
  const both = (key: string): Fields => ({ ...objectOf(data[key]), ...objectOf(test[key]) });
  return {
    ...data,
    ...test,
    vars: both('vars'),
    options: both('options'),
    metadata: both('metadata'),
    assert: [...itemsIn(data['assert']), ...itemsIn(test['assert'])],
  };
}
