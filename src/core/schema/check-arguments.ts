import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { roundNumbers } from '../../text/exact-json.ts';
import type { JsonSchema } from './parse-schema.ts';
import { anyText } from '../../text/any-text.ts';
import { unescapePointer } from '../../text/json-pointer.ts';

const MOST_FAULTS = 5;
const LONGEST_FAULT = 300;
/** Keywords whose failure only repeats a failure inside them. */
const OUTER = new Set([
  '$ref',
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  'allOf',
  'then',
  'else',
]);
const DRAFTS = { 'draft-04': '4', 'draft-06': '7', 'draft-07': '7', '2019-09': '2019-09' } as const;

/**
 * Returns what is wrong with the arguments of a tool: which property, and what the schema expects there. Undefined if they match, or if the
 * schema itself cannot be used: then the tool checks them.
 */
export function argumentFaults(schema: JsonSchema, values: Readonly<Record<string, unknown>>): string | undefined {
  let errors: readonly OutputUnit[];
  try {
    const result = new Validator(schema as Schema, draftOf(schema), false).validate(roundNumbers(values));
    if (result.valid) return undefined;
    errors = result.errors;
  } catch {
    return undefined;
  }
  const inner = errors.filter(({ keyword }) => !OUTER.has(keyword));
  const faults = new Set((inner.length === 0 ? errors : inner).map((error) => faultText(error, schema).slice(0, LONGEST_FAULT)));
  const shown = [...faults].slice(0, MOST_FAULTS);
  return [...shown, ...(faults.size > shown.length ? [`and ${faults.size - shown.length} more`] : [])].join('; ');
}

function draftOf({ $schema }: JsonSchema): (typeof DRAFTS)[keyof typeof DRAFTS] | '2020-12' {
  const name = Object.keys(DRAFTS).find((draft) => anyText($schema).includes(draft)) as keyof typeof DRAFTS | undefined;
  return name === undefined ? '2020-12' : DRAFTS[name];
}

function faultText({ keyword, instanceLocation, error }: OutputUnit, schema: JsonSchema): string {
  const path = unescapePointer(instanceLocation.replace(/^#\/?/, ''));
  const place = path === '' ? '' : `${path}: `;
  const [, match, expected] = /^Instance type "(.+)" is invalid\. Expected "(.+)"\.$/s.exec(error) ?? [];
  if (expected !== undefined) return `${place}expected ${expected.replaceAll('", "', ' or ')}, not ${match}`;
  const [, missing] = /^Instance does not have required property "(.+)"\.$/s.exec(error) ?? [];
  if (missing !== undefined) return `${place}the required property ${JSON.stringify(missing)} is missing`;
  if (keyword !== 'false') return place + error.replace(/^Instance does/, 'does').replace(/\.$/, '');
  const known = path.includes('/') ? [] : Object.keys((schema['properties'] as object | undefined) ?? {});
  return `${place}there is no such property${known.length === 0 ? '' : `, only ${known.join(', ')}`}`;
}
