interface Described {
  description: string;
}

/** Types of scalar values. `duration` is in milliseconds, `price` in USD per million tokens and `amount` in USD, both as exact decimal text. */
interface ScalarKinds {
  text: string;
  count: number;
  number: number;
  duration: number;
  price: string;
  amount: string;
  flag: boolean;
  url: string;
  secret: Secret;
}

/** A key as the file gives it. Its text is never shown. */
export type Secret = { variable: string } | { command: string } | { text: string };

export interface ScalarField extends Described {
  kind: keyof ScalarKinds;
  /** As a file would write it. */
  default?: string | number | boolean | undefined;
  /** Describes the default in words, if no value can express it. */
  otherwise?: string | undefined;
  min?: number | undefined;
  /** Of a duration: in milliseconds, default 24 hours. */
  max?: number | undefined;
}

export interface ChoiceField extends Described {
  kind: 'choice';
  of: readonly string[];
  default?: string | undefined;
  otherwise?: string | undefined;
}

/** A list of names; a single name is a list of one. */
export interface NamesField extends Described {
  kind: 'names';
  otherwise?: string | undefined;
}

export interface ObjectField extends Described {
  kind: 'object';
  fields: Readonly<Record<string, ConfigField>>;
  /** The field that text or a list sets when it is given in place of the object. */
  short?: string | undefined;
}

/** A map from names that the user chooses. */
export interface MapField extends Described {
  kind: 'map';
  of: ConfigField;
  /** The placeholder for a name in the reference: `<model>`. */
  key: string;
}

export interface ListField extends Described {
  kind: 'list';
  of: ConfigField;
}

/** A field of the configuration. Reading, checking, displaying and documenting the file all use the table of these. */
export type ConfigField = ScalarField | ChoiceField | NamesField | ObjectField | MapField | ListField;

/** The type of a field's value; includes undefined if the field is optional and has no default. */
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

/** Objects, maps and lists always exist, even if empty. */
type DefaultOf<F> = F extends { default: string | number | boolean } | { kind: 'object' | 'map' | 'list' } ? never : undefined;

/** A typed flag, which overrides a value of the file. */
export interface ConfigFlag {
  /** `server.port` */
  path: string;
  /** In the type of the field. */
  value: unknown;
  /** `--port` */
  flag: string;
}

/** An error in a configuration, and its location. */
export interface ConfigProblem {
  /** `models.fast.targets[0].weight` */
  path: string;
  /** From 1; undefined if the location is not in the file. */
  line?: number | undefined;
  message: string;
}
