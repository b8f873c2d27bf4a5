import { beginsWithInk, indentOf, isBlank, matchContainers, openContainer } from './containers.ts';
import { addToParagraph, closeContainers, closeLeaf, type DocumentState, flushPending, openLeaf } from './document-state.ts';
import { beginsHtml, beginsWithLetter, closesFence, fenceOf, headingOf, isRule, mathEnd, underlineLevel } from './line-kinds.ts';
import { tableAlignments, tableCells } from './table-source.ts';

const CODE_INDENT = 4;

/**
 * Reads the next line of a document, without its newline. With `isLong`, `source` is the beginning of a line that is too long to
 * be read as a whole; the rest of the line goes into the leaf that is open afterwards.
 */
export function readLine(state: DocumentState, source: string, isLong = false): void {
  const line = beginsWithInk(source) ? source : withoutLeadingTabs(source);
  let matched = 0;
  let rest = line;
  if (state.containers.length > 0) ({ matched, rest } = matchContainers(state.containers, line));
  const isMatched = matched === state.containers.length;
  if (!isLong && isBlank(rest)) return readBlank(state, matched);
  if (isMatched && readIntoLeaf(state, rest, isLong)) return;
  if (!isMatched) {
    if (isInParagraph(state) && !beginsBlock(rest)) return readText(state, rest, isLong);
    closeContainers(state, matched);
  }
  while (!beginsWithLetter(rest) && indentOf(rest) < CODE_INDENT && !isRule(rest)) {
    const opened = openContainer(rest, state.containers.length, isInParagraph(state));
    if (opened === undefined) break;
    closeLeaf(state);
    state.containers.push(opened.container);
    state.handler.openContainer(opened.container);
    rest = opened.rest;
  }
  if (rest !== '') readBlock(state, rest, isLong);
}

function readBlank(state: DocumentState, matched: number): void {
  const { leaf } = state;
  const isMatched = matched === state.containers.length;
  if (isMatched && (leaf?.kind === 'fence' || leaf?.kind === 'indented')) {
    if (leaf.kind === 'indented') leaf.endsBlank = true;
    return state.handler.addSource('');
  }
  closeLeaf(state);
  closeContainers(state, matched);
  state.handler.blankLine();
}

/** Returns whether the line continues a block other than a paragraph. */
function readIntoLeaf(state: DocumentState, line: string, isLong: boolean): boolean {
  const { leaf } = state;
  switch (leaf?.kind) {
    case 'fence': {
      if (!isLong && closesFence(line, leaf.fence)) closeLeaf(state, line.trim());
      // A draft does not show a line that may become the closing fence.
      else if (!state.isDraft || !/^\s*[`~]+$/.test(line)) {
        state.handler.addSource(line.slice(Math.min(leaf.fence.indent, indentOf(line))));
      }
      return true;
    }
    case 'indented':
      if (indentOf(line) >= CODE_INDENT) {
        leaf.endsBlank = false;
        state.handler.addSource(line.slice(CODE_INDENT));
        return true;
      }
      break;
    case 'table':
      if (!isLong && line.includes('|')) {
        state.handler.addSource(line);
        return true;
      }
      break;
    case 'html':
    case 'math':
      state.handler.addSource(`\n${line}`);
      if (leaf.kind === 'math' && line.includes(leaf.end)) closeLeaf(state);
      return true;
    default:
      return false;
  }
  closeLeaf(state);
  return false;
}

function readBlock(state: DocumentState, line: string, isLong: boolean): void {
  if (beginsWithLetter(line)) return readText(state, line, isLong);
  if (!isLong && state.pending !== undefined && readUnderPending(state, state.pending, line)) return;
  const isText = isInParagraph(state);
  const fence = isLong ? undefined : fenceOf(line);
  const heading = headingOf(line);
  if (fence !== undefined) {
    closeLeaf(state);
    openLeaf(state, { kind: 'fence', fence }, { kind: 'code', fence });
  } else if (heading !== undefined) {
    openHeading(state, heading.level, heading.text);
    if (!isLong) closeLeaf(state);
  } else if (!isLong && isRule(line)) {
    closeLeaf(state);
    state.handler.rule();
  } else if (beginsHtml(line)) {
    openSource(state, line, { kind: 'html' });
  } else if (mathEnd(line) !== undefined) {
    openSource(state, line, { kind: 'math', end: mathEnd(line)! });
  } else if (!isText && indentOf(line) >= CODE_INDENT) {
    openLeaf(state, { kind: 'indented', endsBlank: false }, { kind: 'code', fence: undefined });
    state.handler.addSource(line.slice(CODE_INDENT));
  } else {
    readText(state, line, isLong);
  }
}

/** Returns whether the line turns the line before it into a heading or the head of a table. */
function readUnderPending(state: DocumentState, pending: string, line: string): boolean {
  const alignments = tableAlignments(line);
  if (alignments !== undefined && tableCells(pending).length === alignments.length) {
    state.pending = undefined;
    closeLeaf(state);
    openLeaf(state, { kind: 'table' }, { kind: 'table', head: pending, alignments });
    return true;
  }
  const level = state.leaf === undefined ? underlineLevel(line) : undefined;
  if (level === undefined) return false;
  state.pending = undefined;
  openHeading(state, level, pending);
  closeLeaf(state);
  return true;
}

function openHeading(state: DocumentState, level: number, text: string): void {
  closeLeaf(state);
  openLeaf(state, { kind: 'heading' }, { kind: 'heading', level });
  state.handler.addSource(text);
}

function openSource(state: DocumentState, line: string, leaf: { kind: 'html' } | { kind: 'math'; end: string }): void {
  closeLeaf(state);
  openLeaf(state, leaf, { kind: leaf.kind });
  state.handler.addSource(line);
}

function readText(state: DocumentState, line: string, isLong: boolean): void {
  const text = line.trimStart();
  const isFirst = !isInParagraph(state);
  flushPending(state);
  if (!isLong && (isFirst || text.includes('|'))) state.pending = text;
  else addToParagraph(state, text);
}

function isInParagraph(state: DocumentState): boolean {
  return state.pending !== undefined || state.leaf?.kind === 'paragraph';
}

function beginsBlock(line: string): boolean {
  if (beginsWithLetter(line) || indentOf(line) >= CODE_INDENT) return false;
  if (fenceOf(line) !== undefined || headingOf(line) !== undefined || isRule(line) || beginsHtml(line)) return true;
  return openContainer(line, 0, false) !== undefined;
}

function withoutLeadingTabs(line: string): string {
  if (!/^ *\t/.test(line)) return line;
  const indent = /^[ \t]*/.exec(line)![0];
  let column = 0;
  for (const blank of indent) column += blank === ' ' ? 1 : CODE_INDENT - (column % CODE_INDENT);
  return ' '.repeat(column) + line.slice(indent.length);
}
