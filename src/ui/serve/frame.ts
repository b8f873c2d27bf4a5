import type { Activity } from '../../core/serve/activity.ts';
import type { ServedRequest } from '../../core/serve/served-request.ts';
import { localClockText } from '../../core/time/local-text.ts';
import { targetsTable } from '../../output/serve/targets-table.ts';
import { fitTable } from '../../output/table/fit.ts';
import type { Cell, Column, TableLine } from '../../output/table/table.ts';
import { moneyText } from '../../output/text/money.ts';
import { ageText, countText, secondsText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { drawableColumns, drawableRows } from '../screen/drawable.ts';
import { fitLine, type Line } from '../screen/line.ts';

export interface ServeScreen {
  activity: Activity;
  /** Output tokens per second. */
  rate: number;
  /** The URL of the gateway. */
  url: string;
  isSandbox: boolean;
  /** Problems other than failed requests, newest last. */
  notes: readonly string[];
  stateOf?: ((target: string) => string | undefined) | undefined;
  now: number;
}

const INDENT = '  ';
/** On a narrower terminal, the state and the counts of targets say more than the rest of a long name, which a client may have chosen. */
const ROOMY = 100;
const ENOUGH_NAME = 32;
const recentColumns = (enough: number | undefined): readonly Column[] => [
  { heading: '', align: 'left', dropOrder: 3 },
  { heading: '', align: 'left', dropOrder: 0 },
  { heading: '', align: 'right', dropOrder: 1 },
  { heading: '', align: 'left', dropOrder: 0, cut: 'model', enough },
  { heading: '', align: 'right', dropOrder: 2 },
  { heading: '', align: 'right', dropOrder: 0 },
  { heading: '', align: 'left', dropOrder: 0, cut: 'end' },
];
const KEYS = `${INDENT}q stop the gateway`;

/** Returns the lines of the screen: always fewer than its rows, and narrower than its columns. */
export function serveFrame(screen: ServeScreen, size: { columns: number; rows: number }): Line[] {
  const room = drawableRows(size.rows);
  const lines = [...headLines(screen), ...noteLines(screen)];
  const targets = fitTable(targetsTable(screen.activity, screen.stateOf, enoughName(size)), size.columns);
  // The targets get half of the remaining rows, the last requests get the rest.
  const left = Math.max(0, room - lines.length - 1);
  const ofTargets = targets.length === 0 ? [] : [[], ...targets.slice(0, Math.max(2, Math.floor(left / 2) - 1))];
  const recent = screen.activity.recent.slice(0, Math.max(0, left - ofTargets.length - 2));
  const requests = recentLines(recent, size);
  const ofRequests = requests.length === 0 ? [] : [[], [{ text: `${INDENT}last requests`, tone: 'dim' } as const], ...requests];
  const body = [...lines, ...ofTargets, ...ofRequests].slice(0, Math.max(0, room - 1));
  return [...body, [{ text: KEYS, tone: 'dim' } as const]]
    .slice(-room)
    .map((line) => fitLine(line, drawableColumns(size.columns)));
}

function headLines({ activity, rate, url, now, isSandbox }: ServeScreen): TableLine[] {
  const { requests, active, failures, cost, inputTokens, outputTokens, startedAt } = activity;
  const failed = failures === 0 ? '' : ` · ${countText(failures)} failed`;
  return [
    [
      { text: `${INDENT}orx serve `, tone: 'accent' },
      ...(isSandbox ? [{ text: 'SANDBOX ', tone: 'warning' } as const] : []),
      { text: url },
      { text: ` for ${ageText(now - startedAt)}`, tone: 'dim' },
    ],
    [
      // The cost comes first, so that it is visible even on the narrowest screen.
      { text: `${INDENT}${moneyText(cost)} · ${countText(requests)} requests · ${countText(active)} in progress` },
      { text: failed, tone: 'warning' },
      { text: ` · ${rate.toFixed(0)} tok/s` },
      { text: ` · ${countText(inputTokens)} in ${countText(outputTokens)} out`, tone: 'dim' },
    ],
  ];
}

function noteLines({ notes }: ServeScreen): TableLine[] {
  return notes.slice(-3).map((note) => [{ text: `${INDENT}${visibleLine(note)}`, tone: 'warning' } as const]);
}

function enoughName({ columns }: { columns: number }): number | undefined {
  return columns < ROOMY ? ENOUGH_NAME : undefined;
}

/** Returns requests as a table without its heading. */
function recentLines(requests: readonly ServedRequest[], size: { columns: number }): TableLine[] {
  const cells = requests.map(({ startedAt, status, durationMs, model, target, path, usage, failure }): Cell[] => [
    { text: localClockText(startedAt), tone: 'dim' },
    { text: String(status), tone: failure === undefined ? undefined : 'warning' },
    { text: secondsText(durationMs) },
    { text: visibleLine(target ?? model ?? path) },
    {
      text: usage === undefined ? '' : `${countText(usage.promptTokens)} in ${countText(usage.completionTokens)} out`,
      tone: 'dim',
    },
    { text: usage?.cost === undefined ? '' : moneyText(usage.cost) },
    { text: failure ?? '', tone: 'warning' },
  ]);
  return fitTable({ columns: recentColumns(enoughName(size)), rows: cells }, size.columns).slice(1);
}
