import type { LiveTable } from '../../core/models/live/state.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import { countText } from '../../output/text/number.ts';
import type { Line } from '../screen/line.ts';

const QUERY_HINTS = [
  'type filter',
  'tab keys',
  '↵ chat',
  '←→ sort',
  '↑↓ move',
  '^p price',
  '^k compare',
  '^d detail',
  'esc quit',
];
const KEY_HINTS = [
  '/ type',
  'c compare',
  'p price',
  'd detail',
  '↵ chat',
  'space ★',
  'f v t e z filter',
  'o direction',
  '0-9 columns',
  'r refresh',
  'q quit',
];
const PRICE_HINTS = [
  'digits or ↑↓ tokens · tab prompt or answer · esc closes',
  'digits ↑↓ · tab in/out · esc closes',
  'esc closes',
];
const NOT_PICKING = /chat|compare/;
const LAST = '? all keys';
const SEPARATOR = ' · ';
const GAP = '   ';

/** Returns the line with the number of rows and as many key hints as fit, always in the same place. */
export function footerLine(table: LiveTable, width: number): Line {
  const { rows, models, marked } = table;
  const count =
    rows.length === models.length ? countText(models.length) : `${countText(rows.length)} of ${countText(models.length)}`;
  const left = `  ${count}${marked.length === 0 ? '' : `, ${marked.length} to compare`}`;
  const hints = hintsOf(table, width - textWidth(left) - GAP.length);
  return [{ text: cutText(left + GAP + hints, width), tone: 'dim' }];
}

function hintsOf({ pane, focus, marked, isPick }: LiveTable, room: number): string {
  if (pane === 'help') return '↑↓ scroll · any other key closes';
  if (pane === 'price') return PRICE_HINTS.find((hint) => textWidth(hint) <= room) ?? '';
  const go = marked.length < 2 ? [] : [focus === 'query' ? '^g compare' : 'g compare'];
  const hints = focus === 'query' ? QUERY_HINTS : KEY_HINTS;
  const all = isPick ? ['↵ pick', ...hints.filter((hint) => !NOT_PICKING.test(hint))] : [...go, ...hints];
  let text = LAST;
  const taken: string[] = [];
  for (const hint of all) {
    const next = [...taken, hint, LAST].join(SEPARATOR);
    if (textWidth(next) > room) break;
    taken.push(hint);
    text = next;
  }
  return text;
}
