import { parse, YAMLParseError } from 'yaml';
import { OrxError, usageError } from '../../../errors.ts';
import { checkerOf } from '../expectations/check-json.ts';
import { parsePathCheck } from '../expectations/json-path.ts';
import { isKnownType, OLD_TYPES } from '../expectations/types.ts';
import { renderTextTemplate, type TemplateValues } from '../template/render-text.ts';
import type { Expectation } from '../test-case.ts';
import { checkKeys } from './promptfoo-keys.ts';
import { renderedStrings } from './promptfoo-prompts.ts';
import { isCodeReference, type References } from './references.ts';
import { itemsIn, numberField, numberIn, objectOf, type ReadingNotes, scalarIn } from './source.ts';
import { anyText } from '../../../text/any-text.ts';

/** The place of an assertion, and the values that its templates may read. */
export interface AssertionPlace {
  /** The file that its references are relative to. */
  file: string;
  place: string;
  vars: TemplateValues;
}

/** `not-type(0.8): value` */
const CELL = /^\s*((?:not-)?[a-z][a-z-]*)(?:\((\d+(?:\.\d+)?)\))?\s*(?::([\s\S]*))?$/;
/** Types whose value is optional. */
const WITHOUT_VALUE = new Set(['is-json', 'contains-json', 'latency', 'cost', 'assert-set', 'answer-relevance']);
const NEED_CODE = new Set(['python', 'ruby', 'webhook']);

/** Returns the expectations of a list of assertions. Code is noted. Throws kind `usage` for an assertion that cannot be read. */
export async function readExpectations(
  assertions: unknown,
  at: AssertionPlace,
  references: References,
  notes: ReadingNotes,
): Promise<Expectation[]> {
  const expectations: Expectation[] = [];
  for (const assertion of itemsIn(assertions)) expectations.push(await readExpectation(assertion, at, references, notes));
  return expectations;
}

/** Another judge, its prompt, and code: the judge of a run is `--judge`. */
const NOT_RUN_KEYS = ['provider', 'rubricPrompt', 'contextTransform'];

async function readExpectation(
  assertion: unknown,
  at: AssertionPlace,
  references: References,
  notes: ReadingNotes,
): Promise<Expectation> {
  const fields = objectOf(assertion);
  checkKeys(fields ?? {}, 'assertion', notes, at.place);
  const written = scalarIn(fields?.['type']);
  if (fields === undefined || written === undefined) {
    const reference = scalarIn(fields?.['$ref']);
    const reason = reference === undefined ? 'an assertion has no type' : `$ref ${reference} names nothing`;
    throw usageError(`${at.place}: ${reason}`);
  }
  const isNegated = written.startsWith('not-');
  const bare = isNegated ? written.slice('not-'.length) : written;
  const type = OLD_TYPES[bare] ?? bare;
  const metric = scalarIn(fields['metric']);
  const transform = scalarIn(fields['transform']) ?? scalarIn(fields['postprocess']);
  for (const name of NOT_RUN_KEYS)
    if (fields[name] !== undefined) notes.addNotRun('field', `assert.${name}`, 'orx does not use this field');
  const expectation: Expectation = {
    type,
    isNegated,
    threshold: numberField(fields, 'threshold', at.place),
    weight: weightIn(fields, at.place),
    metric: metric === undefined ? undefined : renderTextTemplate(metric, at.vars, at.place, 'keep'),
    transform,
    config: fields['config'],
  };
  const unable = (reference: string, reason: string): Expectation => {
    notes.addNotRun('expectation', reference, reason);
    return { ...expectation, value: fields['value'], notRun: reason };
  };
  if (transform !== undefined && isCodeReference(transform)) return unable(transform, 'orx does not run code from files');
  if (type === 'assert-set') {
    if (itemsIn(fields['assert']).length === 0) throw usageError(`${at.place}: an assert-set has no assertions`);
    return { ...expectation, members: await readExpectations(fields['assert'], at, references, notes) };
  }
  const given = fields['value'];
  if (typeof given === 'string' && given.startsWith('file://') && isCodeReference(given))
    return unable(given, 'orx does not run code from files');
  if (NEED_CODE.has(type)) return unable(written, `orx does not run ${type}`);
  if (!isKnownType(type)) return unable(written, `orx does not know the type ${type}`);
  if ((given === undefined || given === null) && !WITHOUT_VALUE.has(type))
    throw usageError(`${at.place}: ${written} has no value`);
  const value = await valueOf(type, given, at, references);
  return { ...expectation, value: checkedValue(type, value, expectation, at.place) };
}

/** A negative weight would let a failed expectation raise the mean. */
function weightIn(fields: Readonly<Record<string, unknown>>, place: string): number {
  const weight = numberField(fields, 'weight', place) ?? 1;
  if (weight < 0) throw usageError(`${place}: weight is negative: ${weight}`);
  return weight;
}

/** Reads a file that the value names, and replaces the templates in the value. */
async function valueOf(type: string, given: unknown, at: AssertionPlace, references: References): Promise<unknown> {
  let value = given;
  if (typeof given === 'string' && given.startsWith('file://')) {
    const [path] = await references.paths(renderTextTemplate(given, at.vars, at.place, 'keep'), at.file);
    value = await references.content(path!);
  }
  // Braces are common in scripts: only those around known names are templates there.
  return renderedStrings(value, at.vars, at.place, type === 'javascript' ? 'keep' : 'throw');
}

/** Returns the value in the form that its type uses. Throws kind `usage` for a value that no answer can be checked against. */
function checkedValue(type: string, value: unknown, { threshold }: Expectation, place: string): unknown {
  try {
    if ((type === 'is-json' || type === 'contains-json') && value !== undefined && value !== null) {
      const schema = typeof value === 'string' ? (parse(value) as unknown) : value;
      checkerOf(schema);
      return schema;
    }
    if (type === 'regex') void new RegExp(anyText(value));
    if (type === 'json') parsePathCheck(anyText(value));
    if (type.endsWith('-any') || type.endsWith('-all')) return typeof value === 'string' ? splitList(value) : itemsIn(value);
    if (type.endsWith('-length') && numberIn(value) === undefined) throw usageError(`${type} has no number`);
    if ((type === 'latency' || type === 'cost') && threshold === undefined && numberIn(value) === undefined)
      throw usageError(`${type} has no threshold`);
    return value;
  } catch (error) {
    if (error instanceof OrxError || error instanceof SyntaxError || error instanceof YAMLParseError)
      throw usageError(`${place}: ${error.message.split('\n')[0]}`);
    throw error;
  }
}

/** Splits a list at commas. */
export function splitList(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

/**
 * Returns the assertion that a CSV cell stands for: `not-icontains-any: a, b`, `similar(0.8): text`, `is-json`, or text that the answer equals. Undefined
 * for an empty cell.
 */
export function cellAssertion(cell: string): Readonly<Record<string, unknown>> | undefined {
  const text = cell.trim();
  if (text === '') return undefined;
  const [, written, threshold, rest] = CELL.exec(cell) ?? [];
  const bare = written?.replace(/^not-/, '') ?? '';
  const type = OLD_TYPES[bare] ?? bare;
  const isType = isKnownType(type) || NEED_CODE.has(type);
  if (written === undefined || !isType || (rest === undefined && !WITHOUT_VALUE.has(type))) {
    // `file://check.js` alone is a script.
    return text.startsWith('file://') && isCodeReference(text)
      ? { type: 'javascript', value: text }
      : { type: 'equals', value: text };
  }
  const keepsBlanks = type === 'llm-rubric';
  const value = rest === undefined || keepsBlanks ? rest : rest.trim();
  const isList = /-(?:any|all)$/.test(type);
  return {
    type: (written.startsWith('not-') ? 'not-' : '') + type,
    ...(value === undefined || value === '' ? {} : { value: isList ? splitList(value) : value }),
    ...(threshold === undefined ? defaultThreshold(type) : { threshold: Number(threshold) }),
    ...(['latency', 'cost'].includes(type) && threshold === undefined && value !== undefined ? { threshold: Number(value) } : {}),
  };
}

/** Scored types have a threshold in CSV files even if the cell names none. */
function defaultThreshold(type: string): { threshold?: number } {
  if (type === 'similar') return { threshold: 0.8 };
  return type === 'g-eval' ? { threshold: 0.75 } : {};
}
