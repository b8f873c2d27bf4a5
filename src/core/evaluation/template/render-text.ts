import { usageError } from '../../../errors.ts';
import type { TemplateExpression } from './expression.ts';
import { applyFilter, displayText, isFilled } from './filters.ts';
import { parseTextTemplate, type TemplateNode } from './parse-text.ts';
import { anyText } from '../../../text/any-text.ts';

/** Values by name. Only own properties of plain objects and items of lists can be reached from a template. */
export type TemplateValues = Readonly<Record<string, unknown>>;

/** What a name without a value does: stops with an error, or leaves the placeholder in the text. */
export type UnknownName = 'throw' | 'keep';

/** Loops in loops must not fill the memory. */
const LONGEST_TEXT = 16 * 1024 * 1024;
const MOST_STEPS = 200_000;

/**
 * Returns a text with its placeholders replaced: `{{ name }}`, paths, filters, `for`, `if`, `set` and `raw`. Nothing in it is executed, and values
 * are not expanded again. Text that is no template stays as it is. Throws kind `usage` for a name without a value; `place` says where the text
 * stands, such as `tests.csv, line 3`.
 */
export function renderTextTemplate(
  text: string,
  values: TemplateValues,
  place: string,
  unknownName: UnknownName = 'throw',
): string {
  const nodes = parseTextTemplate(text);
  if (nodes === undefined) return text;
  const rendering = new Rendering(place, unknownName);
  rendering.nodes(nodes, new Map(Object.entries(values)));
  return rendering.text();
}

/** Stands for a name or a property that does not exist. */
class Missing {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Scope = ReadonlyMap<string, unknown>;

class Rendering {
  readonly #place: string;
  readonly #unknownName: UnknownName;
  readonly #pieces: string[] = [];
  #length = 0;
  #steps = 0;

  constructor(place: string, unknownName: UnknownName) {
    this.#place = place;
    this.#unknownName = unknownName;
  }

  text(): string {
    return this.#pieces.join('');
  }

  nodes(nodes: readonly TemplateNode[], outer: Scope): void {
    const scope = new Map(outer);
    for (const node of nodes) {
      this.#steps += 1;
      if (this.#steps > MOST_STEPS) throw usageError(`${this.#place}: the template has too many repetitions`);
      if (node.kind === 'text') this.#add(node.text);
      else if (node.kind === 'set') scope.set(node.name, known(evaluate(node.value, scope)));
      else if (node.kind === 'output') this.#output(node, scope);
      else if (node.kind === 'if') {
        const branch = node.branches.find(
          ({ condition }) => condition === undefined || isFilled(known(evaluate(condition, scope))),
        );
        if (branch !== undefined) this.nodes(branch.body, scope);
      } else this.#loop(node, scope);
    }
  }

  #output({ expression, source, written }: Extract<TemplateNode, { kind: 'output' }>, scope: Scope): void {
    const value = evaluate(expression, scope);
    if (!(value instanceof Missing)) this.#add(displayText(value));
    else if (this.#unknownName === 'keep') this.#add(written);
    else {
      const names = [...scope.keys()].filter((name) => name !== 'loop').join(', ');
      throw usageError(
        `${this.#place}: {{${source}}} has no value: there is no variable ${value.name}`,
        names === '' ? 'the test has no variables' : `the test has these variables: ${names}`,
      );
    }
  }

  #loop({ names, of, body, otherwise }: Extract<TemplateNode, { kind: 'for' }>, scope: Scope): void {
    const items = itemsOf(known(evaluate(of, scope)), names.length === 2);
    if (items.length === 0) {
      this.nodes(otherwise, scope);
      return;
    }
    for (const [index, item] of items.entries()) {
      const inner = new Map(scope);
      for (const [place, name] of names.entries()) inner.set(name, names.length === 2 ? (item as unknown[])[place] : item);
      const isLast = index === items.length - 1;
      inner.set('loop', { index: index + 1, index0: index, first: index === 0, last: isLast, length: items.length });
      this.nodes(body, inner);
    }
  }

  #add(text: string): void {
    this.#length += text.length;
    if (this.#length > LONGEST_TEXT) throw usageError(`${this.#place}: the text of the template is longer than 16 MB`);
    this.#pieces.push(text);
  }
}

/** Returns what a loop goes over: items, or pairs of key and value. */
function itemsOf(value: unknown, isPairs: boolean): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' && !isPairs ? [...value] : [];
  return isPairs ? Object.entries(value) : Object.keys(value);
}

function known(value: unknown): unknown {
  return value instanceof Missing ? undefined : value;
}

function evaluate(expression: TemplateExpression, scope: Scope): unknown {
  const inner = (one: TemplateExpression): unknown => evaluate(one, scope);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items.map((item) => known(inner(item)));
    case 'name':
      return scope.has(expression.name) ? scope.get(expression.name) : new Missing(expression.name);
    case 'member':
      return member(inner(expression.of), known(inner(expression.key)));
    case 'not':
      return !isFilled(known(inner(expression.of)));
    case 'test':
      return inner(expression.of) instanceof Missing === expression.isNegated;
    case 'filter': {
      const value = inner(expression.of);
      const isFallback = expression.name === 'default' || expression.name === 'd';
      // Only `default` accepts what does not exist.
      if (value instanceof Missing && !isFallback) return value;
      return applyFilter(
        expression.name,
        known(value),
        expression.words.map((word) => known(inner(word))),
      );
    }
    default:
      return binary(expression, inner);
  }
}

function member(of: unknown, key: unknown): unknown {
  if (of instanceof Missing) return of;
  const name = anyText(key);
  if ((typeof of === 'string' || Array.isArray(of)) && name === 'length') return of.length;
  // Only what the data itself contains: `constructor` and `__proto__` are not data.
  if (typeof of === 'object' && of !== null && Object.hasOwn(of, name)) return (of as Readonly<Record<string, unknown>>)[name];
  return new Missing(name);
}

function binary(
  { operator, left, right }: Extract<TemplateExpression, { kind: 'binary' }>,
  inner: (one: TemplateExpression) => unknown,
): unknown {
  const a = known(inner(left));
  if (operator === 'and') return isFilled(a) ? known(inner(right)) : a;
  if (operator === 'or') return isFilled(a) ? a : known(inner(right));
  const b = known(inner(right));
  switch (operator) {
    case '==':
    case '===':
      return a === b || (operator === '==' && isScalar(a) && isScalar(b) && String(a) === String(b));
    case '!=':
    case '!==':
      return !(a === b || (operator === '!=' && isScalar(a) && isScalar(b) && String(a) === String(b)));
    case 'in':
      return Array.isArray(b)
        ? b.includes(a)
        : typeof b === 'string'
          ? b.includes(anyText(a))
          : isObject(b) && Object.hasOwn(b, anyText(a));
    case '~':
      return displayText(a) + displayText(b);
    case '+':
      return typeof a === 'number' && typeof b === 'number' ? a + b : displayText(a) + displayText(b);
    case '<':
      return order(a, b) < 0;
    case '>':
      return order(a, b) > 0;
    case '<=':
      return order(a, b) <= 0;
    default:
      return order(a, b) >= 0;
  }
}

/** Compares numbers, or texts; NaN for anything else, which is neither less nor more. */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return isScalar(a) && isScalar(b) ? Number(a) - Number(b) : Number.NaN;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
