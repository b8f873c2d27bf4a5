import { usageError } from '../../../errors.ts';
import { type TemplateValues } from '../template/render-text.ts';
import type { Expectation, Origin, TestCase } from '../test-case.ts';
import { nameMatches } from '../test-case.ts';
import { readExpectations } from './promptfoo-expectations.ts';
import { checkKeys } from './promptfoo-keys.ts';
import { type PromptTemplate, renderedStrings, renderPrompt } from './promptfoo-prompts.ts';
import { type RawTest, usageReason } from './promptfoo-tests.ts';
import { isCodeReference, type References } from './references.ts';
import { itemsIn, numberField, objectOf, placeText, type ReadEvent, ReadingNotes, scalarIn, unreadable } from './source.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Combined lists must not fill the disk: 10 lists of 10 strings are 10,000,000,000 tests. */
const MOST_EXPANDED = 100_000;
/** Without these fields the answers or their evaluation would differ. */
const NOT_RUN_FIELDS = ['provider', 'assertScoringFunction'];
const NOT_RUN_OPTIONS = ['transformVars', 'storeOutputAs', 'runSerially', 'rubricPrompt'];

/** A variable comes from code: its test has no cases. */
class NeedsCode extends Error {}

/** Makes test cases of the tests of a configuration. */
export class CaseBuilder {
  readonly #prompts: readonly PromptTemplate[];
  readonly #defaults: { fields: Fields; file: string };
  readonly #references: References;
  readonly #notes: ReadingNotes;
  #number = 0;

  constructor(
    prompts: readonly PromptTemplate[],
    defaults: { fields: Fields; file: string },
    references: References,
    notes: ReadingNotes,
  ) {
    this.#prompts = prompts;
    this.#defaults = defaults;
    this.#references = references;
    this.#notes = notes;
  }

  /** Yields the cases of one test: for each combination of its lists, one for each prompt. */
  async *casesOf(raw: RawTest): AsyncGenerator<ReadEvent> {
    if ('reason' in raw) {
      yield unreadable(raw.origin, raw.reason);
      return;
    }
    try {
      const { fields, origin } = raw;
      const keys = new ReadingNotes();
      checkKeys(fields, 'test', keys);
      checkKeys(objectOf(fields['options']) ?? {}, 'options', keys);
      const test = this.#merged(fields);
      const options = objectOf(test['options']) ?? {};
      const vars = {
        ...(await this.#vars(this.#defaults.fields['vars'], this.#defaults.file)),
        ...(await this.#vars(fields['vars'], origin.file)),
      };
      const isExpanded = options['disableVarExpansion'] !== true;
      for (const combination of isExpanded ? combinations(vars) : [vars]) {
        this.#number += 1;
        yield { kind: 'test' };
        yield* this.#casesFor({ test, options, keys }, combination, origin, String(this.#number));
      }
    } catch (error) {
      // The test is noted as not run.
      if (error instanceof NeedsCode) yield { kind: 'test' };
      else yield unreadable(raw.origin, usageReason(error));
    }
  }

  async *#casesFor(
    { test, options, keys }: { test: Fields; options: Fields; keys: ReadingNotes },
    given: TemplateValues,
    origin: Origin,
    number: string,
  ): AsyncGenerator<ReadEvent> {
    const place = placeText(origin);
    // Values may contain placeholders of other values; braces of data stay.
    const vars = renderedStrings(given, given, place, 'keep');
    const at = (file: string): { file: string; place: string; vars: TemplateValues } => ({ file, place, vars });
    const defaults = this.#defaults;
    const own = new ReadingNotes();
    const expectations: Expectation[] = [
      ...(await readExpectations(defaults.fields['assert'], at(defaults.file), this.#references, own)),
      ...(await readExpectations(test['assert'], at(origin.file), this.#references, own)),
    ];
    const transform = scalarIn(options['transform']) ?? scalarIn(options['postprocess']);
    const codeTransform = transform !== undefined && isCodeReference(transform) ? transform : undefined;
    if (codeTransform !== undefined) own.addNotRun('transform', codeTransform, 'orx does not run code from files');
    for (const name of NOT_RUN_FIELDS) if (test[name] !== undefined) own.addNotRun('field', name, 'orx does not use this field');
    for (const name of NOT_RUN_OPTIONS)
      if (options[name] !== undefined) own.addNotRun('field', `options.${name}`, 'orx does not use this field');
    const metadata = objectOf(test['metadata']) ?? {};
    const wanted = test['prompts'] === undefined ? undefined : itemsIn(test['prompts']).flatMap((one) => scalarIn(one) ?? []);
    const prompts = this.#prompts.filter(({ name }) => wanted === undefined || wanted.some((one) => nameMatches(one, name)));
    if (wanted !== undefined && prompts.length === 0 && this.#prompts.length > 0)
      throw usageError(`${place}: no prompt is called ${wanted.join(' or ')}`);
    for (const notes of [keys, own]) this.#notes.addNotRunOf(notes, prompts.length);
    const id = scalarIn(test['id']) ?? number;
    for (const prompt of prompts) {
      const around = { prefix: scalarIn(options['prefix']) ?? '', suffix: scalarIn(options['suffix']) ?? '' };
      const messages = renderPrompt(prompt, vars, around);
      if (messages.every(({ text }) => text.trim() === '')) throw usageError(`${place}: the prompt is empty`);
      const testCase: TestCase = {
        id: prompts.length === 1 ? id : `${id}/${this.#prompts.indexOf(prompt) + 1}`,
        testId: id,
        label: scalarIn(test['description']),
        promptName: this.#prompts.length === 1 ? undefined : prompt.name,
        lanes: test['providers'] === undefined ? undefined : itemsIn(test['providers']).flatMap((one) => scalarIn(one) ?? []),
        tags: itemsIn(metadata['tags']).flatMap((tag) => scalarIn(tag) ?? []),
        metadata,
        vars,
        prompt: messages,
        followUps: [],
        expectations:
          codeTransform === undefined
            ? expectations
            : expectations.map((one) => ({ ...one, notRun: one.notRun ?? 'its transform is code' })),
        threshold: numberField(test, 'threshold', place),
        transform: codeTransform === undefined ? transform : undefined,
        origin,
      };
      yield { kind: 'case', testCase };
    }
  }

  /** Assertions and variables are merged separately: their references are relative to different files. */
  #merged(fields: Fields): Fields {
    const { fields: defaults } = this.#defaults;
    const both = (key: string): Fields => ({ ...objectOf(defaults[key]), ...objectOf(fields[key]) });
    const { assert: _, vars: __, ...inherited } = defaults;
    return { ...inherited, ...fields, metadata: both('metadata'), options: both('options') };
  }

  /** Variables are an object, a file of variables, or a list of files that are merged. */
  async #vars(value: unknown, file: string): Promise<Record<string, unknown>> {
    const fields = objectOf(value);
    if (fields !== undefined) {
      const entries = await Promise.all(
        Object.entries(fields).map(async ([name, one]) => [name, await this.#variable(one, file)] as const),
      );
      return Object.fromEntries(entries);
    }
    let vars: Record<string, unknown> = {};
    for (const entry of itemsIn(value)) {
      if (typeof entry !== 'string') throw usageError('vars is neither an object nor the name of a file');
      for (const path of await this.#references.paths(entry, file)) {
        const found = objectOf(await this.#references.content(path));
        if (found === undefined) throw usageError(`${path} has no variables: it is not an object`);
        vars = { ...vars, ...(await this.#vars(found, path)) };
      }
    }
    return vars;
  }

  /** A variable may name a file, or with a pattern several, which multiply the test. */
  async #variable(value: unknown, file: string): Promise<unknown> {
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
      const all = await Promise.all(value.map(async (item) => this.#variable(item, file)));
      return all.flat();
    }
    if (typeof value !== 'string' || !value.startsWith('file://')) return value;
    if (isCodeReference(value)) {
      this.#notes.addNotRun('variable', value, 'orx does not run code from files', 'test');
      throw new NeedsCode();
    }
    const paths = await this.#references.paths(value, file);
    const contents = await Promise.all(paths.map(async (path) => this.#references.content(path)));
    return contents.length === 1 ? contents[0] : contents;
  }
}

/** Yields all combinations of the variables that are lists of texts, the last one changing fastest. */
function* combinations(vars: Fields): Generator<Fields> {
  const lists = Object.entries(vars).filter(
    (entry): entry is [string, string[]] =>
      Array.isArray(entry[1]) && entry[1].length > 0 && entry[1].every((item) => typeof item === 'string'),
  );
  const total = lists.reduce((product, [, items]) => product * items.length, 1);
  if (total > MOST_EXPANDED) throw usageError(`its lists make ${total} tests; the limit is ${MOST_EXPANDED}`);
  for (let number = 0; number < total; number += 1) {
    let rest = number;
    const chosen = lists.toReversed().map(([name, items]) => {
      const item = items[rest % items.length];
      rest = Math.floor(rest / items.length);
      return [name, item] as const;
    });
    yield { ...vars, ...Object.fromEntries(chosen) };
  }
}
