/** An expression inside `{{ }}` or `{% %}`. It can read values and call nothing. */
export type TemplateExpression =
  | { kind: 'literal'; value: unknown }
  | { kind: 'list'; items: readonly TemplateExpression[] }
  | { kind: 'name'; name: string }
  | { kind: 'member'; of: TemplateExpression; key: TemplateExpression }
  | { kind: 'filter'; of: TemplateExpression; name: FilterName; words: readonly TemplateExpression[] }
  | { kind: 'not'; of: TemplateExpression }
  | { kind: 'test'; of: TemplateExpression; isNegated: boolean }
  | { kind: 'binary'; operator: Operator; left: TemplateExpression; right: TemplateExpression };

const FILTER_NAMES = [
  'dump',
  'load',
  'default',
  'd',
  'join',
  'trim',
  'upper',
  'lower',
  'replace',
  'length',
  'safe',
  'first',
  'last',
  'tojson',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

export type Operator = 'and' | 'or' | 'in' | '==' | '===' | '!=' | '!==' | '<' | '>' | '<=' | '>=' | '~' | '+';

/** Operators by strength, the weakest first. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['or'],
  ['and'],
  ['in', '==', '===', '!=', '!==', '<', '>', '<=', '>='],
  ['~', '+'],
];
const TOKEN =
  /\s*(?:([A-Za-z_$][\w$]*)|(\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(===|!==|==|!=|<=|>=|[<>~+|.,()[\]-]))/y;
/** Expressions in real files are far smaller. */
const LONGEST_EXPRESSION = 2000;
const DEEPEST = 50;

interface Token {
  kind: 'name' | 'number' | 'text' | 'sign';
  text: string;
}

/** Returns the expression, or undefined if the text is not an expression. */
export function parseExpression(text: string): TemplateExpression | undefined {
  const tokens = text.length > LONGEST_EXPRESSION ? undefined : tokensOf(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const parser = new Parser(tokens);
  try {
    const expression = parser.binary(0, 0);
    return parser.isAtEnd() ? expression : undefined;
  } catch (error) {
    if (error instanceof NoExpression) return undefined;
    throw error;
  }
}

class NoExpression extends Error {}

class Parser {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  binary(level: number, depth: number): TemplateExpression {
    if (depth > DEEPEST) throw new NoExpression();
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary(depth);
    let left = this.binary(level + 1, depth);
    for (;;) {
      const operator = operators.find((one) => this.#accept(one));
      if (operator !== undefined) {
        left = { kind: 'binary', operator, left, right: this.binary(level + 1, depth) };
      } else if (level === 2 && this.#accept('is')) {
        const isNegated = this.#accept('not');
        this.#expect('defined');
        left = { kind: 'test', of: left, isNegated };
      } else return left;
    }
  }

  #unary(depth: number): TemplateExpression {
    if (this.#accept('not')) return { kind: 'not', of: this.binary(2, depth + 1) };
    if (this.#accept('-')) {
      const value = Number(this.#take('number'));
      return { kind: 'literal', value: -value };
    }
    let expression = this.#primary(depth);
    for (;;) {
      if (this.#accept('.')) {
        expression = { kind: 'member', of: expression, key: { kind: 'literal', value: this.#take('name', 'number') } };
      } else if (this.#accept('[')) {
        const key = this.binary(0, depth + 1);
        this.#expect(']');
        expression = { kind: 'member', of: expression, key };
      } else if (this.#accept('|')) {
        const name = this.#take('name');
        const known = FILTER_NAMES.find((one) => one === name);
        if (known === undefined) throw new NoExpression();
        expression = { kind: 'filter', of: expression, name: known, words: this.#accept('(') ? this.#list(')', depth) : [] };
      } else return expression;
    }
  }

  #primary(depth: number): TemplateExpression {
    if (this.#accept('(')) {
      const inner = this.binary(0, depth + 1);
      this.#expect(')');
      return inner;
    }
    if (this.#accept('[')) return { kind: 'list', items: this.#list(']', depth) };
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'sign') throw new NoExpression();
    this.#at += 1;
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'literal', value: unquoted(token.text) };
    const constant = CONSTANTS.get(token.text);
    return constant === undefined ? { kind: 'name', name: token.text } : { kind: 'literal', value: constant.value };
  }

  #list(end: string, depth: number): TemplateExpression[] {
    const items: TemplateExpression[] = [];
    if (this.#accept(end)) return items;
    do items.push(this.binary(0, depth + 1));
    while (this.#accept(','));
    this.#expect(end);
    return items;
  }

  #accept(text: string): boolean {
    const token = this.#tokens[this.#at];
    const isHit = token !== undefined && token.text === text && token.kind !== 'text';
    if (isHit) this.#at += 1;
    return isHit;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new NoExpression();
  }

  #take(...kinds: readonly Token['kind'][]): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || !kinds.includes(token.kind)) throw new NoExpression();
    this.#at += 1;
    return token.text;
  }
}

const CONSTANTS: ReadonlyMap<string, { value: unknown }> = new Map([
  ['true', { value: true }],
  ['True', { value: true }],
  ['false', { value: false }],
  ['False', { value: false }],
  ['none', { value: null }],
  ['None', { value: null }],
  ['null', { value: null }],
]);

function tokensOf(text: string): Token[] | undefined {
  const trimmed = text.trim();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const [, name, number, quoted, sign] = TOKEN.exec(trimmed) ?? [];
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else return undefined;
  }
  return tokens;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/gs, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char);
}
