import { cutText, textWidth } from '../../output/text/width.ts';
import { drawableColumns } from '../screen/drawable.ts';
import { fitSpan, type Line, span } from '../screen/line.ts';
import { type CompareLayout, GAP, INDENT } from './layout.ts';
import { laneNumber, numberWidth } from './lane-number.ts';
import { laneTileText, laneTitles } from './lane-status.ts';
import type { CompareView } from './view.ts';

/** Width of a lane's name in a tile, at most. */
const WIDEST_TILE_NAME = 44;

/** Returns one line for each lane without a column. */
export function tileLines(view: CompareView, { tiles, hidden }: CompareLayout): Line[] {
  const { lanes } = view.state;
  const width = drawableColumns(view.size.columns) - INDENT;
  const indent = span(' '.repeat(INDENT), 'plain');
  const nameWidth = Math.max(1, Math.min(WIDEST_TILE_NAME, Math.floor(width / 2) - numberWidth(lanes)));
  const titles = laneTitles(lanes, nameWidth);
  const used = titles.reduce((most, { text }) => Math.max(most, textWidth(text)), 0);
  const lines = tiles.map((lane): Line => {
    const isFocused = view.view.focus.lane === lane;
    const { text, tone } = titles[lane]!;
    const name = fitSpan(span(text, isFocused && tone === 'bold' ? 'live' : tone), used);
    const number = span(laneNumber(lane, isFocused, lanes), isFocused ? 'live' : 'dim');
    const room = Math.max(0, width - used - numberWidth(lanes) - GAP);
    const figures = fitSpan(laneTileText(lanes[lane]!, view.now, room, view.runningCost(lanes[lane]!, lane)), room);
    return [indent, number, name, span(' '.repeat(GAP), 'plain'), figures];
  });
  if (hidden > 0) {
    const more = tiles.length === 0 ? `${hidden} lanes` : `${hidden} more lanes`;
    lines.push([indent, span(cutText(`… ${more}: ← → or 1-9`, width), 'dim')]);
  }
  return lines;
}
