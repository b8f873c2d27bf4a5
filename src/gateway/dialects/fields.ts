import { isDeeperThan } from '../../text/json-depth.ts';
import { badRequest } from '../bad-request.ts';

/** A JSON object from a client. */
export type FieldValues = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is FieldValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** No request needs more levels, and some thousands overflow the stack of what writes them again. */
const DEEPEST_BODY = 500;

/** Parses the body of a request. Throws status 400 if it is not a JSON object, or is nested too deeply. */
export function parseBody(body: string): FieldValues {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badRequest(body.trim() === '' ? 'the body is empty; send a JSON object' : 'the body is not valid JSON');
  }
  if (!isFields(value)) throw badRequest('the body must be a JSON object');
  if (isDeeperThan(value, DEEPEST_BODY))
    throw badRequest(`the body has more than ${DEEPEST_BODY} levels of nested objects and lists`);
  return value;
}

/** Reads the fields of a JSON object from a client. null counts as absent. Throws status 400 for a value of another type. */
export class Fields {
  readonly values: FieldValues;
  readonly #path: string;
  readonly #hasTwoNames: boolean;

  /**
   * `path`: the path of the object in the body, for errors. `hasTwoNames`: a field with a camel-case name may also have a
   * snake-case name.
   */
  constructor(values: FieldValues, path = '', hasTwoNames = false) {
    this.values = values;
    this.#path = path;
    this.#hasTwoNames = hasTwoNames;
  }

  /** Returns the fields of a whole body. */
  static parse(body: string, hasTwoNames = false): Fields {
    return new Fields(parseBody(body), '', hasTwoNames);
  }

  /** Returns undefined for an absent field and for null. */
  get(name: string): unknown {
    const value = own(this.values, name) ?? (this.#hasTwoNames ? own(this.values, snakeCase(name)) : undefined);
    return value ?? undefined;
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'text', (value): value is string => typeof value === 'string');
  }

  /** Returns a text that is present and not blank, or throws. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value.trim() === '') throw badRequest(`${this.place(name)} is missing`);
    return value;
  }

  number(name: string): number | undefined {
    return this.#typed(name, 'a number', (value): value is number => typeof value === 'number' && Number.isFinite(value));
  }

  count(name: string, least = 1): number | undefined {
    return this.#typed(
      name,
      `a whole number from ${least}`,
      (value): value is number => Number.isSafeInteger(value) && (value as number) >= least,
    );
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value): value is boolean => typeof value === 'boolean');
  }

  object(name: string): Fields | undefined {
    const value = this.#typed(name, 'an object', isFields);
    return value === undefined ? undefined : new Fields(value, this.place(name), this.#hasTwoNames);
  }

  list(name: string): readonly unknown[] | undefined {
    return this.#typed(name, 'a list', (value): value is readonly unknown[] => Array.isArray(value));
  }

  /** Returns a list of objects; empty when absent. */
  objects(name: string): readonly Fields[] {
    return (this.list(name) ?? []).map((item, index) => {
      const place = `${this.place(name)}[${index}]`;
      if (!isFields(item)) throw badRequest(`${place} must be an object`);
      return new Fields(item, place, this.#hasTwoNames);
    });
  }

  texts(name: string): readonly string[] | undefined {
    return this.#typed(
      name,
      'a list of strings',
      (value): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === 'string'),
    );
  }

  /** Returns the path of a field in the body. `''`: the object itself. */
  place(name = ''): string {
    return [this.#path, name].filter((part) => part !== '').join('.');
  }

  #typed<T>(name: string, expected: string, fits: (value: unknown) => value is T): T | undefined {
    const value = this.get(name);
    if (value !== undefined && !fits(value)) throw badRequest(`${this.place(name)} must be ${expected}`);
    return value;
  }
}

function own(values: FieldValues, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
