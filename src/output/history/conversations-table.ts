import type { Conversation, SearchHit } from '../../storage/conversations/conversations.ts';
import { localTimeText } from '../text/local-time.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import type { Cell, TableLine, Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** This prefix of an id distinguishes conversations that did not start within the same millisecond. */
const SHORT_ID = 10;

/** Returns the table of `orx history list`. Ids are short on a terminal and complete in a pipe. */
export function conversationsTable(
  conversations: readonly Conversation[],
  { now, forTerminal }: { now: number; forTerminal: boolean },
): Table {
  return {
    columns: [
      { heading: 'conversation', align: 'left', dropOrder: 0 },
      { heading: 'id', align: 'left', dropOrder: 0 },
      { heading: 'changed', align: 'left', dropOrder: 1 },
      { heading: 'model', align: 'left', dropOrder: 3, cut: 'model' },
      { heading: 'messages', align: 'right', dropOrder: 4 },
      { heading: 'cost', align: 'right', dropOrder: 0 },
    ],
    rows: conversations.map((one) => [
      { text: visibleLine(one.title) },
      { text: visibleLine(forTerminal ? shortId(one.id, conversations) : one.id), tone: 'accent' },
      { text: localTimeText(one.updatedAt, now), tone: 'dim' },
      { text: visibleLine(one.model), tone: 'dim' },
      { text: countText(one.messages), tone: 'dim' },
      { text: one.cost === undefined ? '–' : moneyText(one.cost) },
    ]),
  };
}

/**
 * Returns search results: for each a line with its conversation, then a line with the text around the hits. In a pipe, only `**`
 * marks a hit.
 */
export function hitLines(hits: readonly SearchHit[], { now, forTerminal }: { now: number; forTerminal: boolean }): TableLine[] {
  return hits.flatMap(({ conversation, title, role, at, snippet }, index): TableLine[] => [
    ...(index === 0 ? [] : [[]]),
    [
      { text: visibleLine(forTerminal ? conversation.slice(0, SHORT_ID) : conversation), tone: 'accent' },
      { text: ` · ${visibleLine(title)} · ${role === 'user' ? 'you' : role} · ${localTimeText(at, now)}`, tone: 'dim' },
    ],
    snippet.map(({ text, isHit }): Cell => {
      const shown = visibleLine(text);
      return isHit ? { text: forTerminal ? shown : `**${shown}**`, tone: 'match' } : { text: shown };
    }),
  ]);
}

function shortId(id: string, among: readonly Conversation[]): string {
  const short = id.slice(0, SHORT_ID);
  return among.some((other) => other.id !== id && other.id.startsWith(short)) ? id : short;
}
