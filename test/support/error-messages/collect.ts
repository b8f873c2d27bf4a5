import type ts from 'typescript';
import { compiler } from '../compiler.ts';
import {
  type Bound,
  calledName,
  EMPTY,
  type Frame,
  isFunction,
  isWrapper,
  NeedsCaller,
  placeholder,
  resolveName,
  returned,
  Sources,
  takenOut,
  takenTogether,
  texts,
  visit,
  withCall,
  withPlaceholders,
} from './evaluate.ts';

/** A hint as it is shown in the shell and in a conversation. */
export interface FoundHint {
  shell: string;
  session: string;
}

/** One message that orx can show. */
export interface FoundError {
  /** Path below src/. */
  file: string;
  /** The message with `<name>` in place of values; undefined if the error wraps another failure and repeats its message. */
  message: string | undefined;
  /** Kind of the failure; undefined if it is that of the wrapped failure. */
  kind: string | undefined;
  code: string | undefined;
  status: string | undefined;
  hints: readonly FoundHint[];
  /** Source text of the expression, to search for it. */
  source: string;
}

/** Maximum depth of callers to follow. */
const MOST_CALLERS = 4;
/** More codes than this are a pattern, not names to search for. */
const MOST_CODES = 3;

/** Returns every error that the source can create, in source order. */
export function collectErrors(root: string): readonly FoundError[] {
  const sources = new Sources(root);
  return sources.files.flatMap((file) => {
    const found: FoundError[] = [];
    visit(file, (node) => {
      if (isErrorMaker(node, file.fileName)) found.push(...errorsAt(node, EMPTY, sources, MOST_CALLERS));
      found.push(...configProblems(node, file.fileName, sources));
    });
    return found;
  });
}

/**
 * Returns the problems that orx reports in the gateway's configuration: core/gateway-config/load.ts turns each one into an error with its location.
 */
function configProblems(node: ts.Node, file: string, sources: Sources): readonly FoundError[] {
  if (!file.startsWith('core/gateway-config/')) return [];
  let text: ts.Expression | undefined;
  if (compiler.isPropertyAssignment(node) && /^(message|problem)$/.test(node.name.getText())) text = node.initializer;
  if (compiler.isCallExpression(node) && calledName(node) === '#fail') text = node.arguments[2];
  const found = text === undefined ? undefined : texts(text, EMPTY, sources, { isValue: true });
  return (found ?? []).map((problem) => ({
    file,
    message: `<file>[:<line>]: <key> ${problem}`,
    kind: 'usage',
    code: 'bad-config',
    status: undefined,
    hints: [],
    source: text!.getText(),
  }));
}

type Maker = ts.NewExpression | ts.CallExpression;

function isErrorMaker(node: ts.Node, file: string): node is Maker {
  if (file === 'errors.ts') return false;
  if (compiler.isNewExpression(node)) return calledName(node) === 'OrxError';
  return (
    compiler.isCallExpression(node) &&
    ['usageError', 'withFacts', 'badRequest'].includes(calledName(node) ?? '') &&
    !(file === 'gateway/bad-request.ts')
  );
}

function errorsAt(maker: Maker, frame: Frame, sources: Sources, deep: number, caller: ts.Node = maker): readonly FoundError[] {
  try {
    const [first] = maker.arguments ?? [];
    const frames = first !== undefined && compiler.isIdentifier(first) ? takenTogether(first, frame, sources) : [frame];
    return frames.flatMap((one) => readError(maker, one, sources, caller));
  } catch (error) {
    if (!(error instanceof NeedsCaller)) throw error;
    const { callee } = error;
    const calls = deep === 0 ? [] : sources.callers(callee);
    if (calls.length === 0) return errorsAt(maker, withPlaceholders(frame, callee, UNKNOWN), sources, deep, caller);
    return calls.flatMap((call) => errorsAt(maker, withCall(frame, callee, call), sources, deep - 1, call));
  }
}

/** Marks a text that cannot be determined. */
const UNKNOWN = '\u0000';

function readError(maker: Maker, frame: Frame, sources: Sources, caller: ts.Node): readonly FoundError[] {
  const { fileName: file } = maker.getSourceFile();
  const name = calledName(maker);
  const [first, second] = maker.arguments ?? [];
  const facts = name === 'OrxError' || name === 'withFacts' ? objectOf(second, frame, sources) : undefined;
  const what = name === 'withFacts' ? member(facts, 'what', sources) : first === undefined ? undefined : { node: first, frame };
  const hints =
    name === 'usageError'
      ? (maker.arguments ?? []).slice(1).flatMap((node) => hintsOf({ node, frame }, sources))
      : hintsOf(member(facts, 'hints', sources), sources);
  const kind = name === 'usageError' || name === 'badRequest' ? ['usage'] : known(member(facts, 'kind', sources), sources);
  const code = name === 'badRequest' ? ['invalid_request'] : known(member(facts, 'code', sources), sources);
  const status = name === 'badRequest' ? ['400'] : known(member(facts, 'status', sources), sources);
  const whats = what === undefined ? undefined : known(what, sources);
  const why = member(facts, 'why', sources);
  const whys =
    why === undefined
      ? ['']
      : (texts(why.node, why.frame, sources, { isValue: true }) ?? [placeholder(why.node)]).map((text) => `: ${text}`);
  const messages = whats?.flatMap((text) => whys.map((reason) => text + reason)) ?? [undefined];
  const words = file === API_ERRORS ? wordKinds(sources) : undefined;
  const kindOf = (message: string | undefined): string | undefined =>
    [...(words ?? [])].find(([text]) => message?.startsWith(text))?.[1];
  // An API error keeps the API's own code, except when no API responds at the URL.
  const codeOf = (message: string | undefined): string | undefined =>
    code === undefined || code.length > MOST_CODES || (words !== undefined && message?.startsWith('no API') !== true)
      ? undefined
      : code.join(', ').replaceAll(UNKNOWN, '');
  return messages.map((message) => ({
    file,
    message: message === undefined ? undefined : message.replaceAll(UNKNOWN, ''),
    kind: kindOf(message) ?? (kind?.length === 1 ? kind[0]!.replace(UNKNOWN, '') : kind?.join(' or ')),
    code: codeOf(message),
    status: status?.join(', ').replaceAll(UNKNOWN, ''),
    hints: [...new Map(hints.map((hint) => [hint.shell, hint])).values()],
    source: caller.getText(),
  }));
}

/** Each function of this file creates API errors of one kind and chooses their wording. */
export const API_ERRORS = 'apis/wire/errors/decode-error.ts';
const KINDS_OF_WORDS: readonly (readonly [name: string, kind: string])[] = [
  ['keyWords', 'authentication'],
  ['creditWords', 'credits'],
  ['limitWords', 'rate-limit'],
  ['modelWords', 'no-endpoint'],
  ['lengthWords', 'usage'],
  ['plainWords', 'no-endpoint'],
];

function wordKinds(sources: Sources): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  const file = sources.files.find(({ fileName }) => fileName === 'apis/wire/errors/plain-words.ts')!;
  for (const [name, kind] of KINDS_OF_WORDS) {
    const words = file.statements.find((statement) => compiler.isFunctionDeclaration(statement) && statement.name?.text === name);
    if (words === undefined) throw new Error(`plain-words.ts has no ${name}`);
    visit(words, (node) => {
      if (!compiler.isReturnStatement(node) || node.expression === undefined) return;
      for (const text of texts(node.expression, withPlaceholders(EMPTY, words as ts.FunctionDeclaration), sources) ?? [])
        if (!kinds.has(text)) kinds.set(text, kind);
    });
  }
  return kinds;
}

function known(bound: Bound | undefined, sources: Sources): readonly string[] | undefined {
  if (bound === undefined) return undefined;
  const found = texts(bound.node, bound.frame, sources)?.filter((text) => text !== '');
  return found === undefined || found.every((text) => text.startsWith(UNKNOWN)) ? undefined : found;
}

interface Facts {
  node: ts.ObjectLiteralExpression;
  frame: Frame;
}

function objectOf(node: ts.Expression | undefined, frame: Frame, sources: Sources): Facts | undefined {
  if (node === undefined) return undefined;
  if (isWrapper(node)) return objectOf(node.expression, frame, sources);
  if (compiler.isObjectLiteralExpression(node)) return { node, frame };
  const value = compiler.isIdentifier(node) ? resolveName(node, frame, sources, true) : undefined;
  return value === undefined ? undefined : objectOf(value, frame, sources);
}

function member(facts: Facts | undefined, name: string, sources: Sources): Bound | undefined {
  for (const property of facts?.node.properties.toReversed() ?? []) {
    const { frame } = facts!;
    if (compiler.isPropertyAssignment(property) && property.name.getText() === name) return { node: property.initializer, frame };
    if (compiler.isShorthandPropertyAssignment(property) && property.name.text === name) return { node: property.name, frame };
    if (!compiler.isSpreadAssignment(property)) continue;
    const inner = member(objectOf(property.expression, frame, sources), name, sources);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Returns every hint that the expression can be or contain: lists, spread lists, both branches of a conditional. */
function hintsOf(bound: Bound | undefined, sources: Sources, depth = 0): readonly FoundHint[] {
  if (bound === undefined || depth > 8) return [];
  const { node, frame } = bound;
  const inner = (expression: ts.Expression): readonly FoundHint[] => hintsOf({ node: expression, frame }, sources, depth + 1);
  if (isWrapper(node) || compiler.isSpreadElement(node)) return inner(node.expression);
  if (compiler.isArrayLiteralExpression(node)) return node.elements.flatMap(inner);
  if (compiler.isConditionalExpression(node)) return [...inner(node.whenTrue), ...inner(node.whenFalse)];
  if (compiler.isBinaryExpression(node)) return [...inner(node.left), ...inner(node.right)];
  if (compiler.isObjectLiteralExpression(node)) return forms(node, frame, sources);
  if (compiler.isIdentifier(node)) {
    const value = resolveName(node, frame, sources);
    if (value !== undefined) return inner(value);
    return takenOut(node, frame, sources).flatMap((one) => hintsOf(one, sources, depth + 1));
  }
  if (compiler.isCallExpression(node)) return callHints(node, frame, sources, depth);
  const found = texts(node, frame, sources);
  return (found ?? []).filter((text) => text !== '' && !text.startsWith(UNKNOWN)).map((text) => ({ shell: text, session: text }));
}

function callHints(node: ts.CallExpression, frame: Frame, sources: Sources, depth: number): readonly FoundHint[] {
  // lines.map((line) => `hint: ${line}`), list.filter(…), list.slice(…)
  if (compiler.isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression;
    if (name.text === 'map' && node.arguments[0] !== undefined && isFunction(node.arguments[0])) {
      const [mapped] = node.arguments;
      const { body } = mapped;
      return body === undefined || compiler.isBlock(body)
        ? []
        : hintsOf({ node: body, frame: withPlaceholders(frame, mapped) }, sources, depth + 1);
    }
    if (/^(filter|slice|toSorted)$/.test(name.text)) return hintsOf({ node: expression, frame }, sources, depth + 1);
  }
  return returned(node, frame, sources).flatMap((value) => hintsOf(value, sources, depth + 1));
}

function forms(node: ts.ObjectLiteralExpression, frame: Frame, sources: Sources): readonly FoundHint[] {
  const facts = { node, frame };
  const shells = known(member(facts, 'shell', sources), sources) ?? [];
  const sessions = known(member(facts, 'session', sources), sources) ?? [];
  return shells.map((shell, index) => ({ shell, session: sessions[index] ?? sessions[0] ?? shell }));
}
