import { currentConversation, wordsOf } from '../../core/conversation/browser/browser.ts';
import { BROWSER_BINDINGS } from '../../core/conversation/browser/keys.ts';
import type { HistoryBrowser } from '../../core/conversation/browser/state.ts';
import { localTimeText } from '../../output/text/local-time.ts';
import { nameWithoutAuthor } from '../../output/text/model-name.ts';
import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { cutNames } from '../../output/table/cut-names.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import type { Conversation, ConversationTitle } from '../../storage/conversations/conversations.ts';
import { drawableColumns } from '../screen/drawable.ts';
import { cutLine, fillLines, type Line, span, type Tone } from '../screen/line.ts';
import type { HistoryLayout } from './layout.ts';
import { firstMatch } from './preview.ts';

export interface HistoryView {
  browser: HistoryBrowser;
  /** Returns the details of a conversation, or undefined while they are unknown. */
  facts: (id: string) => Conversation | undefined;
  /** The rows of the current conversation's preview, painted; undefined while they are being made. */
  preview: readonly string[] | undefined;
  isSearching: boolean;
  /** The conversations are simulated. */
  isSandbox: boolean;
  now: number;
}

const [TIME, COST, MODEL] = [16, 9, 22];
/** Minimum widths of the list, in columns, to show the time and the model. */
const [TIME_FROM, MODEL_FROM] = [44, 74];
const KEY_WIDTH = 8;
const ENTRY_WIDTH = 38;
const QUERY_HINTS = ['type to search', '↵ resume', '←→ preview', '^d delete', '^r rename', '^p project', 'tab keys', 'esc quit'];
const KEY_HINTS = ['/ search', '↵ resume', 'd delete', 'r rename', 'e export', 'y copy id', 'p project', 'q quit'];
const LAST_HINT = '? all keys';

/** Returns the lines of the screen: always fewer than the terminal's rows, and narrower than its columns. */
export function historyFrame(view: HistoryView, layout: HistoryLayout, columns: number): Line[] {
  const { browser } = view;
  const width = drawableColumns(columns);
  const lines: Line[] = [];
  if (layout.hasHeader) lines.push(headerLine(view, width));
  if (layout.hasQuery) lines.push(queryLine(view, width));
  lines.push(
    ...(browser.pane === 'help' ? fillLines(helpLines(browser, width), layout.bodyRows) : bodyLines(view, layout, width)),
  );
  if (layout.hasFooter) lines.push(footerLine(browser, width));
  return lines.map((line) => within(line, width));
}

function bodyLines(view: HistoryView, layout: HistoryLayout, width: number): Line[] {
  const list = fillLines(listLines(view, layout.listWidth), layout.listRows);
  if (layout.kind === 'list') return list;
  const preview = previewLines(view, layout.previewRows);
  if (layout.kind === 'below')
    return [...list, [span(`  ${'─'.repeat(Math.max(0, width - 2))}`, 'dim')], ...preview.map(indented)];
  return list.map((line, row) => [...padded(line, layout.listWidth), span(' │ ', 'dim'), ...(preview[row] ?? [])]);
}

function headerLine({ browser, isSearching, isSandbox }: HistoryView, width: number): Line {
  const { rows, all, isProjectOnly, project, query } = browser;
  const count = query === '' && !isProjectOnly ? countText(all.length) : `${countText(rows.length)} of ${countText(all.length)}`;
  const left = `  ${withSandboxLabel(`${count} ${all.length === 1 ? 'conversation' : 'conversations'}`, isSandbox)}`;
  const where = isProjectOnly ? `   project: ${visibleLine(project)}` : '';
  const searching = isSearching ? '   searching …' : '';
  return [span(left, 'bold'), span(cutText(where + searching, Math.max(1, width - textWidth(left))), 'dim')];
}

/** Returns the line of the query, of a question, or of a title that the user is typing. */
function queryLine({ browser }: HistoryView, width: number): Line {
  const { pane, query, draft, focus, note } = browser;
  const current = currentConversation(browser);
  if (pane === 'delete' && current !== undefined) {
    const answer = '" permanently? y deletes it, any other key keeps it';
    const title = cutText(visibleLine(current.title), Math.max(8, width - textWidth(answer) - 12));
    return [span(`  ! delete "${title}${answer}`, 'warning')];
  }
  const text =
    pane === 'rename' ? `  title: ${tail(visibleLine(draft), width - 24)}▏` : `  › ${tail(visibleLine(query), width - 24)}`;
  const cursor = pane !== 'rename' && focus === 'query' ? '▏' : '';
  const hint = pane === 'rename' ? '   ↵ save · esc cancel' : query === '' && focus === 'query' ? 'titles and messages' : '';
  const said = note === undefined ? '' : `   ${visibleLine(note)}`;
  return [span(text + cursor, pane === 'rename' || focus === 'query' ? 'plain' : 'dim'), span(hint, 'dim'), span(said, 'good')];
}

function listLines(view: HistoryView, width: number): Line[] {
  const { browser } = view;
  const { rows, top, height, cursor, all, query } = browser;
  if (rows.length === 0) {
    const text =
      all.length === 0 ? 'no conversations; start one: orx chat' : query === '' ? 'none in this project' : 'nothing found';
    return [[span(cutText(`   ${text}`, width), 'dim')]];
  }
  const inView = rows.slice(top, top + height);
  return inView.map((one, index) => rowLine(one, view, { width, isCurrent: top + index === cursor }));
}

function rowLine(
  one: ConversationTitle,
  { facts, now }: HistoryView,
  { width, isCurrent }: { width: number; isCurrent: boolean },
): Line {
  const cost = facts(one.id)?.cost;
  const time = width >= TIME_FROM ? ` ${localTimeText(one.updatedAt, now).padStart(TIME)}` : '';
  const [name = ''] = width >= MODEL_FROM ? cutNames([visibleLine(nameWithoutAuthor(one.model))], MODEL, 'model') : [];
  const model = width >= MODEL_FROM ? `  ${name}${' '.repeat(Math.max(0, MODEL - textWidth(name)))}` : '';
  const money = ` ${(cost === undefined ? '–' : moneyText(cost)).padStart(COST)}`;
  const room = Math.max(1, width - 3 - textWidth(time) - textWidth(model) - textWidth(money));
  const title = cutText(visibleLine(one.title), room);
  const space = ' '.repeat(Math.max(0, room - textWidth(title)));
  const tone = (usual: Tone): Tone => (isCurrent ? 'live' : usual);
  return [
    span(` ${isCurrent ? '▸' : ' '} ${title}${space}`, tone('plain')),
    span(model + time, tone('dim')),
    span(money, tone('plain')),
  ];
}

/** Returns the rows of the preview, starting at the first match of the query plus the scroll offset. */
function previewLines({ browser, preview }: HistoryView, rows: number): Line[] {
  if (currentConversation(browser) === undefined) return [];
  if (preview === undefined) return [[span('…', 'dim')]];
  const match = firstMatch(preview, wordsOf(browser.query));
  // Start two rows above the match, because the speaker may be there.
  const start = match + browser.previewBy - (match > 0 ? 2 : 0);
  const top = Math.max(0, Math.min(preview.length - rows, start));
  return preview.slice(top, top + rows).map((text): Line => [span(text, 'painted')]);
}

function helpLines(browser: HistoryBrowser, width: number): Line[] {
  const across = Math.max(1, Math.floor(width / ENTRY_WIDTH));
  const down = Math.ceil(BROWSER_BINDINGS.length / across);
  const lines = Array.from({ length: down }, (_, row): Line => {
    const entries = Array.from({ length: across }, (__, column) => BROWSER_BINDINGS[column * down + row]).filter(
      (one) => one !== undefined,
    );
    return [span(entries.map(({ shown, does }) => `  ${shown.padEnd(KEY_WIDTH)} ${does}`.padEnd(ENTRY_WIDTH)).join(''), 'plain')];
  });
  return [
    [span('  press tab to use letters as keys, tab or / to search again; ^ is ctrl', 'dim')],
    ...lines.slice(Math.min(browser.helpTop, Math.max(0, down - 1))),
  ];
}

function footerLine({ pane, focus }: HistoryBrowser, width: number): Line {
  if (pane === 'help') return [span('  ↑↓ scroll · any other key closes', 'dim')];
  if (pane !== 'list') return [];
  let text = `  ${LAST_HINT}`;
  const taken: string[] = [];
  for (const hint of focus === 'query' ? QUERY_HINTS : KEY_HINTS) {
    const next = `  ${[...taken, hint, LAST_HINT].join(' · ')}`;
    if (textWidth(next) > width) break;
    taken.push(hint);
    text = next;
  }
  return [span(text, 'dim')];
}

/** Returns the end of a text that is too wide, because the user types there. */
function tail(text: string, width: number): string {
  const letters = [...text];
  while (letters.length > 8 && textWidth(letters.join('')) > Math.max(8, width)) letters.shift();
  return letters.join('');
}

/** Cuts a line to the width. Painted lines fit already. */
function within(line: Line, width: number): Line {
  return line.some(({ tone }) => tone === 'painted') ? line : cutLine(line, width);
}

function padded(line: Line, width: number): Line {
  const short = cutLine(line, width);
  const used = short.reduce((sum, { text }) => sum + textWidth(text), 0);
  return [...short, span(' '.repeat(Math.max(0, width - used)), 'plain')];
}

function indented(line: Line): Line {
  return [span('  ', 'plain'), ...line];
}
