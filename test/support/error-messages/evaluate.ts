import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type ts from 'typescript';
import { compiler } from '../compiler.ts';

// Evaluates texts in the source: every value that an expression can have, with `<name>` for values that are known only at run time.

/** The arguments that parameters stand for, by function, taken from its call sites. */
export type Frame = ReadonlyMap<ts.Node, ReadonlyMap<string, ts.Expression>>;
export interface Bound {
  node: ts.Expression;
  frame: Frame;
}

/** Thrown when the text is a parameter of this function, so that only its callers determine it. */
export class NeedsCaller extends Error {
  readonly callee: FunctionNode;

  constructor(callee: FunctionNode) {
    super('needs a caller');
    this.callee = callee;
  }
}

export type FunctionNode = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;

export const EMPTY: Frame = new Map();
/** An expression with more alternatives than this becomes a placeholder. */
const MOST = 12;
const DEEPEST = 6;
/** Names of parameters that are part of the sentence; all other parameters are values in it. */
const SENTENCES = /^(what|message|reason|because|why|fix|problem|hint|hints)$/;

/** Functions that return a value, such as `3.2 MB`. */
const FORMATTERS = /Text$|^pathOf$|^hostOf$/;

/** All files of src/ and their declarations. */
export class Sources {
  readonly files: readonly ts.SourceFile[];
  readonly #exports = new Map<string, ts.Node>();
  readonly #calls = new Map<string, ts.CallExpression[]>();

  constructor(root: string) {
    this.files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .toSorted()
      .map((name) => compiler.createSourceFile(name, readFileSync(join(root, name), 'utf8'), compiler.ScriptTarget.Latest, true));
    for (const file of this.files) {
      visit(file, (node) => {
        const name = compiler.isCallExpression(node) ? calledName(node) : undefined;
        if (name === undefined) return;
        const known = this.#calls.get(name);
        if (known === undefined) this.#calls.set(name, [node as ts.CallExpression]);
        else known.push(node as ts.CallExpression);
      });
      for (const statement of file.statements) {
        if (compiler.isFunctionDeclaration(statement) && isExported(statement))
          this.#exports.set(statement.name!.text, statement);
        if (compiler.isVariableStatement(statement) && isExported(statement)) {
          for (const { name, initializer } of statement.declarationList.declarations)
            if (compiler.isIdentifier(name) && initializer !== undefined) this.#exports.set(name.text, initializer);
        }
      }
    }
  }

  exported(name: string): ts.Node | undefined {
    return this.#exports.get(name);
  }

  /** Returns every call of a function: in its own file, and in all files if it is exported. */
  callers(callee: FunctionNode): readonly ts.CallExpression[] {
    const name = functionName(callee);
    if (name === undefined) return [];
    const home = callee.getSourceFile();
    const isEverywhere = this.exported(name) === callee;
    return (this.#calls.get(name) ?? []).filter(
      (call) => (isEverywhere || call.getSourceFile() === home) && calls(call, callee, this),
    );
  }
}

/** Returns whether this is a call of the function, including when the function was passed in under its own name. */
function calls(node: ts.CallExpression, callee: FunctionNode, sources: Sources): boolean {
  const name = calledName(node)!;
  const declared = compiler.isIdentifier(node.expression) ? localDeclaration(node, name) : undefined;
  return (
    resolveFunction(node, sources) === callee ||
    (declared !== undefined && compiler.isParameter(declared) && node.getSourceFile() === callee.getSourceFile())
  );
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  compiler.forEachChild(node, (child) => visit(child, see));
}

/** Returns the name of a called function or method. */
export function calledName({ expression }: ts.CallExpression | ts.NewExpression): string | undefined {
  if (compiler.isIdentifier(expression)) return expression.text;
  return compiler.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

export function functionName(node: FunctionNode): string | undefined {
  if (compiler.isFunctionDeclaration(node) || compiler.isMethodDeclaration(node)) return node.name?.getText();
  return compiler.isVariableDeclaration(node.parent) ? node.parent.name.getText() : undefined;
}

/** Returns the called function if it is one of orx's. */
export function resolveFunction(call: ts.CallExpression, sources: Sources): FunctionNode | undefined {
  const name = calledName(call);
  if (name === undefined) return undefined;
  if (compiler.isPropertyAccessExpression(call.expression)) {
    if (call.expression.expression.kind !== compiler.SyntaxKind.ThisKeyword) return undefined;
    const owner = enclosing(call, compiler.isClassLike);
    return owner?.members.find(
      (member): member is ts.MethodDeclaration => compiler.isMethodDeclaration(member) && member.name.getText() === name,
    );
  }
  const declared = localDeclaration(call, name) ?? sources.exported(name);
  return declared !== undefined && isFunction(declared) ? declared : undefined;
}

/**
 * Returns every text that the expression can be; a value inside a sentence needs no caller. Undefined if only its name is known.
 */
export function texts(
  node: ts.Expression,
  frame: Frame,
  sources: Sources,
  { depth = 0, isValue = false } = {},
): readonly string[] | undefined {
  if (depth > DEEPEST) return undefined;
  const further = { depth: depth + 1, isValue };
  const inner = (expression: ts.Expression): readonly string[] | undefined => texts(expression, frame, sources, further);
  if (compiler.isStringLiteralLike(node) || compiler.isNumericLiteral(node)) return [node.text];
  if (isWrapper(node)) return inner(node.expression);
  if (compiler.isTemplateExpression(node)) return templateTexts(node, frame, sources, depth);
  if (compiler.isConditionalExpression(node)) {
    const branches = [inner(node.whenTrue), inner(node.whenFalse)] as const;
    return isValue && branches.includes(undefined) ? undefined : union(...branches);
  }
  if (compiler.isBinaryExpression(node)) {
    if (node.operatorToken.kind === compiler.SyntaxKind.PlusToken) return product([inner(node.left), inner(node.right)]);
    if (node.operatorToken.kind !== compiler.SyntaxKind.QuestionQuestionToken) return undefined;
    const left = inner(node.left);
    return left === undefined && isValue ? undefined : union(left, inner(node.right));
  }
  if (compiler.isIdentifier(node)) {
    const value = resolveName(node, frame, sources, isValue);
    if (value !== undefined) return inner(value);
    return takenOut(node, frame, sources).reduce<readonly string[] | undefined>(
      (all, bound) => union(all, texts(bound.node, bound.frame, sources, further)),
      undefined,
    );
  }
  if (compiler.isElementAccessExpression(node) && compiler.isIdentifier(node.expression)) {
    const table = resolveName(node.expression, frame, sources, true);
    return table === undefined ? undefined : memberTexts(table, inner);
  }
  if (!compiler.isCallExpression(node) || (isValue && FORMATTERS.test(calledName(node) ?? ''))) return undefined;
  return returned(node, frame, sources).reduce<readonly string[] | undefined>(
    (all, bound) => union(all, texts(bound.node, bound.frame, sources, further)),
    undefined,
  );
}

/** Returns what an identifier stands for: a constant, or the argument for a parameter. */
export function resolveName(node: ts.Identifier, frame: Frame, sources: Sources, isValue = false): ts.Expression | undefined {
  if (node.text === 'undefined') return undefined;
  const declared = localDeclaration(node, node.text);
  if (declared !== undefined && compiler.isParameter(declared)) {
    const callee = declared.parent as FunctionNode;
    const given = frame.get(callee);
    if (given !== undefined) return given.get(node.text) ?? declared.initializer;
    if (compiler.isIdentifier(declared.name) && (SENTENCES.test(node.text) || !isValue)) throw new NeedsCaller(callee);
    return undefined;
  }
  const value = declared ?? sources.exported(node.text);
  return value !== undefined && compiler.isExpression(value) && !isFunction(value) ? value : undefined;
}

/** Returns what a function of orx can return for this call. */
export function returned(call: ts.CallExpression, frame: Frame, sources: Sources): readonly Bound[] {
  const callee = resolveFunction(call, sources);
  if (callee?.body === undefined) return [];
  const inside = withCall(frame, callee, call);
  if (!compiler.isBlock(callee.body)) return [{ node: callee.body, frame: inside }];
  const results: Bound[] = [];
  const search = (node: ts.Node): void => {
    if (compiler.isReturnStatement(node) && node.expression !== undefined) results.push({ node: node.expression, frame: inside });
    if (!isFunction(node)) compiler.forEachChild(node, search);
  };
  compiler.forEachChild(callee.body, search);
  return results;
}

/**
 * Returns what a name stands for that is destructured from the list a function returns: `const [message, hint] = noticeText(…)`.
 */
export function takenOut(node: ts.Identifier, frame: Frame, sources: Sources): readonly Bound[] {
  const taken = takenFrom(node);
  if (taken === undefined) return [];
  const chosen = frame.get(taken.call)?.get(node.text);
  if (chosen !== undefined) return [{ node: chosen, frame }];
  return returnedLists(taken, frame, sources).flatMap(({ node: list, frame: inside }) => {
    const element = list.elements[taken.names.indexOf(node.text)];
    return element === undefined ? [] : [{ node: element, frame: inside }];
  });
}

interface Taken {
  names: readonly string[];
  call: ts.CallExpression;
}

/** Returns the call that returns the list from which the name is destructured. */
export function takenFrom(node: ts.Identifier): Taken | undefined {
  let taken: Taken | undefined;
  visit(enclosing(node, isFunction)?.body ?? node, (inner) => {
    if (!compiler.isVariableDeclaration(inner) || !compiler.isArrayBindingPattern(inner.name)) return;
    const names = inner.name.elements.map((element) => (compiler.isBindingElement(element) ? element.name.getText() : ''));
    const { initializer } = inner;
    if (names.includes(node.text) && initializer !== undefined && compiler.isCallExpression(initializer))
      taken = { names, call: initializer };
  });
  return taken;
}

/** Returns frames in which all destructured names come from the same one of the lists that the function can return. */
export function takenTogether(node: ts.Identifier, frame: Frame, sources: Sources): readonly Frame[] {
  const taken = takenFrom(node);
  if (taken === undefined || frame.has(taken.call)) return [frame];
  const frames = returnedLists(taken, frame, sources).map(({ node: list, frame: inside }): Frame => {
    const values = taken.names.flatMap((name, index) =>
      list.elements[index] === undefined ? [] : [[name, list.elements[index]] as const],
    );
    return new Map([...frame, ...inside, [taken.call, new Map<string, ts.Expression>(values)]]);
  });
  return frames.length === 0 ? [frame] : frames;
}

interface BoundList {
  node: ts.ArrayLiteralExpression;
  frame: Frame;
}

function returnedLists({ call }: Taken, frame: Frame, sources: Sources): readonly BoundList[] {
  return returned(call, frame, sources).flatMap((value) => lists(value));
}

function lists({ node, frame }: Bound): readonly BoundList[] {
  if (isWrapper(node)) return lists({ node: node.expression, frame });
  if (compiler.isConditionalExpression(node))
    return [node.whenTrue, node.whenFalse].flatMap((branch) => lists({ node: branch, frame }));
  return compiler.isArrayLiteralExpression(node) ? [{ node, frame }] : [];
}

/** Returns the frame inside a function called here. */
export function withCall(frame: Frame, callee: FunctionNode, call: ts.CallExpression): Frame {
  const values = new Map<string, ts.Expression>();
  for (const [index, { name, dotDotDotToken }] of callee.parameters.entries()) {
    if (!compiler.isIdentifier(name)) continue;
    const given =
      dotDotDotToken === undefined
        ? call.arguments[index]
        : compiler.factory.createArrayLiteralExpression(call.arguments.slice(index));
    // A parameter that is passed on under its own name is resolved in the outer call.
    if (given !== undefined) values.set(name.text, given);
  }
  return new Map([...frame, [callee, values]]);
}

/** Returns the frame inside a function whose calls are unknown: each parameter is a placeholder. */
export function withPlaceholders(frame: Frame, callee: FunctionNode, mark = ''): Frame {
  const values = callee.parameters.flatMap(({ name }) =>
    compiler.isIdentifier(name) ? [[name.text, compiler.factory.createStringLiteral(`${mark}<${name.text}>`)] as const] : [],
  );
  return new Map([...frame, [callee, new Map<string, ts.Expression>(values)]]);
}

/** Returns every value of a table such as `{ a: 'one', b: 'two' }`. */
function memberTexts(
  table: ts.Expression,
  inner: (node: ts.Expression) => readonly string[] | undefined,
): readonly string[] | undefined {
  if (isWrapper(table)) return memberTexts(table.expression, inner);
  if (!compiler.isObjectLiteralExpression(table)) return undefined;
  return table.properties.reduce<readonly string[] | undefined>(
    (all, property) => (compiler.isPropertyAssignment(property) ? union(all, inner(property.initializer)) : all),
    undefined,
  );
}

function templateTexts(node: ts.TemplateExpression, frame: Frame, sources: Sources, depth: number): readonly string[] {
  const parts: (readonly string[])[] = [[node.head.text]];
  for (const { expression, literal } of node.templateSpans) {
    const known = texts(expression, frame, sources, { depth: depth + 1, isValue: true });
    parts.push(asPart(known, placeholder(expression)), [literal.text]);
  }
  return product(parts) ?? [parts.map((part) => (part.length === 1 ? part[0]! : '<value>')).join('')];
}

/** Inside a sentence, puts a part that may be absent in brackets. */
function asPart(known: readonly string[] | undefined, name: string): readonly string[] {
  if (known === undefined || known.length > MOST) return [name];
  const some = known.filter((text) => text !== '');
  if (some.length === 0) return [''];
  return some.length < known.length ? some.map((text) => `[${text}]`).slice(0, 1) : some;
}

/** Returns `<path>` for `path`, `file.path` and `pathOf(file)`. */
export function placeholder(node: ts.Expression): string {
  if (compiler.isIdentifier(node)) return `<${node.text}>`;
  if (isWrapper(node)) return placeholder(node.expression);
  if (compiler.isPropertyAccessExpression(node)) return `<${node.name.text.replace(/^#/, '')}>`;
  if (compiler.isCallExpression(node) && compiler.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression;
    return /^(join|toFixed|trim|slice|round|split|toString|replace|replaceAll|map|at|round|prec)$/.test(name.text)
      ? placeholder(expression)
      : `<${name.text}>`;
  }
  if (compiler.isCallExpression(node) && node.arguments[0] !== undefined) return placeholder(node.arguments[0]);
  if (compiler.isElementAccessExpression(node)) return placeholder(node.expression);
  if (compiler.isBinaryExpression(node)) return placeholder(node.left);
  if (compiler.isConditionalExpression(node)) return placeholder(node.whenTrue);
  return '<value>';
}

function product(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  let all: readonly string[] = [''];
  for (const part of parts) {
    if (part === undefined) return undefined;
    all = all.flatMap((start) => part.map((end) => start + end));
    if (all.length > MOST) return undefined;
  }
  return all;
}

function union(one: readonly string[] | undefined, other: readonly string[] | undefined): readonly string[] | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : [...new Set([...one, ...other])];
}

type Wrapper = ts.ParenthesizedExpression | ts.NonNullExpression | ts.AsExpression | ts.SatisfiesExpression | ts.AwaitExpression;

export function isWrapper(node: ts.Node): node is Wrapper {
  return (
    compiler.isParenthesizedExpression(node) ||
    compiler.isNonNullExpression(node) ||
    compiler.isAsExpression(node) ||
    compiler.isSatisfiesExpression(node) ||
    compiler.isAwaitExpression(node)
  );
}

export function isFunction(node: ts.Node): node is FunctionNode {
  return (
    compiler.isFunctionDeclaration(node) ||
    compiler.isArrowFunction(node) ||
    compiler.isFunctionExpression(node) ||
    compiler.isMethodDeclaration(node)
  );
}

export function enclosing<Found extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is Found): Found | undefined {
  for (let outer = node.parent as ts.Node | undefined; outer !== undefined; outer = outer.parent) if (is(outer)) return outer;
  return undefined;
}

/** Returns the declaration that a name refers to at this place: an initializer, a function, or a parameter. */
function localDeclaration(from: ts.Node, name: string): ts.Node | undefined {
  for (let scope = from.parent as ts.Node | undefined; scope !== undefined; scope = scope.parent) {
    if (isFunction(scope)) {
      const parameter = scope.parameters.find((one) => bindsName(one.name, name));
      if (parameter !== undefined) return parameter;
    }
    if (!compiler.isBlock(scope) && !compiler.isSourceFile(scope) && !compiler.isCaseOrDefaultClause(scope)) continue;
    for (const statement of scope.statements) {
      if (compiler.isFunctionDeclaration(statement) && statement.name?.text === name) return statement;
      if (!compiler.isVariableStatement(statement)) continue;
      for (const one of statement.declarationList.declarations)
        if (compiler.isIdentifier(one.name) && one.name.text === name) return one.initializer;
        else if (bindsName(one.name, name)) return undefined;
    }
  }
  return undefined;
}

function bindsName(name: ts.BindingName, wanted: string): boolean {
  if (compiler.isIdentifier(name)) return name.text === wanted;
  return name.elements.some((element) => compiler.isBindingElement(element) && bindsName(element.name, wanted));
}

function isExported(node: ts.HasModifiers): boolean {
  return compiler.getModifiers(node)?.some(({ kind }) => kind === compiler.SyntaxKind.ExportKeyword) === true;
}
