import { answerFacts, messageLines, speakerText } from '../../output/history/parts.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { cutText } from '../../output/text/width.ts';
import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { finishedText } from '../chat/finished-text.ts';

/** A preview shows at most this many messages, and this much of each, in UTF-16 units. */
const MOST_MESSAGES = 40;
const LONGEST_MESSAGE = 8000;
/** Rows are made when the cursor rests, so that moving through the list never waits for them. */
const REST_MS = 30;
const MOST_KEPT = 50;
// oxlint-disable-next-line no-control-regex -- what a theme paints with are control sequences
const STYLES = /\u001b\[[0-9;]*m/g;

/** Makes previews of conversations: painted rows of at most the requested width, with the appearance of an open conversation. */
export interface Previews {
  /** Returns undefined while the rows are being made. `onReady` is called when they are ready. */
  rows: (id: string, width: number) => readonly string[] | undefined;
  stop: () => void;
}

export interface PreviewOptions {
  messages: (id: string) => readonly StoredMessage[];
  theme: Theme;
  onReady: () => void;
}

export function createPreviews({ messages, theme, onReady }: PreviewOptions): Previews {
  const made = new Map<string, { width: number; rows: readonly string[] }>();
  let wanted: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const make = async (id: string, width: number): Promise<void> => {
    let rows: readonly string[];
    try {
      rows = await previewRows(messages(id), width, theme);
    } catch (error) {
      rows = [
        theme.paint(['warning'], cutText(visibleLine(`! ${error instanceof Error ? error.message : String(error)}`), width)),
      ];
    }
    if (made.size >= MOST_KEPT) made.clear();
    made.set(id, { width, rows });
    if (wanted === `${id} ${width}`) onReady();
  };
  return {
    rows(id, width) {
      const known = made.get(id);
      if (known?.width === width) return known.rows;
      const key = `${id} ${width}`;
      if (wanted !== key) {
        wanted = key;
        clearTimeout(timer);
        timer = setTimeout(() => void make(id, width), REST_MS);
      }
      return undefined;
    },
    stop: () => clearTimeout(timer),
  };
}

/** Returns the rows of the messages, each below its speaker. */
async function previewRows(messages: readonly StoredMessage[], width: number, theme: Theme): Promise<string[]> {
  const rows: string[] = [];
  for (const message of messages.slice(0, MOST_MESSAGES)) {
    const facts = answerFacts(message);
    const speaker = cutText(visibleLine([speakerText(message), ...(facts === '' ? [] : [facts])].join(' · ')), width);
    if (rows.length > 0) rows.push('');
    rows.push(theme.paint([message.message.role === 'user' ? 'accent' : 'strong'], speaker));
    const isMarkdown = message.message.role === 'assistant';
    const text = await finishedText(messageLines(message).slice(0, LONGEST_MESSAGE).trimEnd(), {
      width,
      prose: width,
      theme,
      isMarkdown,
    });
    rows.push(...text.split('\n').slice(0, -1));
  }
  const left = messages.length - MOST_MESSAGES;
  if (left > 0) rows.push('', theme.paint(['dim'], cutText(`… and ${left} more messages`, width)));
  return rows;
}

/** Returns the index of the first row that contains one of the words, or 0 if no row does. */
export function firstMatch(rows: readonly string[], words: readonly string[]): number {
  if (words.length === 0) return 0;
  const place = rows.findIndex((row) => {
    const text = row
      .replaceAll(STYLES, '')
      .normalize('NFD')
      .replaceAll(/\p{M}+/gu, '')
      .toLowerCase();
    return words.some((word) => text.includes(word));
  });
  return Math.max(0, place);
}
