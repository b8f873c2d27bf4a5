interface Described {
  description: string;
}

/** Kinds of a single value. `duration` is in milliseconds, `price` in USD per million tokens as exact decimal text. */
interface ScalarKinds {
  text: string;
  count: number;
  number: number;
  duration: number;
  price: string;
  flag: boolean;
  url: string;
  secret: Secret;
}

/** A key as the file names it. Its text is never shown. */
export type Secret = { variable: string } | { command: string } | { text: string };

export interface ScalarField extends Described {
  kind: keyof ScalarKinds;
  /** As it would stand in the file. */
  default?: string | number | boolean | undefined;
  /** What holds where nothing is said, in words, where no value says it. */
  otherwise?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
}

export interface ChoiceField extends Described {
  kind: 'choice';
  of: readonly string[];
  default?: string | undefined;
  otherwise?: string | undefined;
}

/** A list of names; one name alone is a list of one. */
export interface NamesField extends Described {
  kind: 'names';
  otherwise?: string | undefined;
}

export interface ObjectField extends Described {
  kind: 'object';
  fields: Readonly<Record<string, ConfigField>>;
  /** Text or a list in place of the object is the value of this field. */
  short?: string | undefined;
}

/** Names of the user's own, and what each stands for. */
export interface MapField extends Described {
  kind: 'map';
  of: ConfigField;
  /** What a name is, in the reference: `<model>`. */
  key: string;
}

export interface ListField extends Described {
  kind: 'list';
  of: ConfigField;
}

/** A field of the configuration. Reading, checking, showing and documenting are all made from the table of these. */
export type ConfigField = ScalarField | ChoiceField | NamesField | ObjectField | MapField | ListField;

/** The value of a field; undefined where it may be left out and has no default. */
export type ValueOf<F> = F extends { kind: infer Kind extends keyof ScalarKinds }
  ? ScalarKinds[Kind]
  : F extends { kind: 'choice'; of: readonly (infer Choice)[] }
    ? Choice
    : F extends { kind: 'names' }
      ? readonly string[]
      : F extends { kind: 'object'; fields: infer Fields }
        ? { -readonly [Name in keyof Fields]: ValueOf<Fields[Name]> | DefaultOf<Fields[Name]> }
        : F extends { kind: 'map'; of: infer Of }
          ? ReadonlyMap<string, ValueOf<Of>>
          : F extends { kind: 'list'; of: infer Of }
            ? readonly ValueOf<Of>[]
            : never;

/** Objects, maps and lists are always there, if empty. */
type DefaultOf<F> = F extends { default: string | number | boolean } | { kind: 'object' | 'map' | 'list' } ? never : undefined;

/** Something wrong with a configuration, and where. */
export interface ConfigProblem {
  /** `models.fast.targets[0].weight` */
  path: string;
  /** From 1; undefined where the place is not in the file. */
  line?: number | undefined;
  message: string;
}
