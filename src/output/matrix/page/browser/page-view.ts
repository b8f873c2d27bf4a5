import type { IndexCell, IndexRow } from '../data.ts';

/** What the reader has chosen. The fragment of the page's address contains it. */
export interface PageView {
  /** Text to search for. */
  q: string;
  show: '' | 'failed' | 'passed' | 'differs' | 'missing';
  tag: string;
  /** Numbers of the hidden lanes. */
  hidden: readonly number[];
  /** Empty: the order of the file. */
  sort: '' | 'cost' | 'ms' | 'tokens' | 'score';
  isDescending: boolean;
  /** The lane that answers are compared with; -1: none. */
  diff: number;
}

/** What the page's script needs of a view. */
export interface PageViews {
  read: (fragment: string, lanes: number) => PageView;
  write: (view: PageView) => string;
  select: (rows: readonly IndexRow[], view: PageView, found: ReadonlySet<number> | undefined) => number[];
}

/**
 * Returns the functions that read, write and apply a view. The page contains the source of this function, so it uses nothing from
 * outside.
 */
export function pageViews(): PageViews {
  const SHOWN: readonly string[] = ['failed', 'passed', 'differs', 'missing'];
  const SORTS: readonly string[] = ['cost', 'ms', 'tokens', 'score'];
  const MISSING: ReadonlySet<string> = new Set(['empty', 'error', 'not-asked']);

  /** Returns the view of a fragment. What it does not understand is left out. */
  function read(fragment: string, lanes: number): PageView {
    const given = new URLSearchParams(fragment.replace(/^#/, ''));
    const oneOf = <T extends string>(name: string, known: readonly string[]): T | '' => {
      const value = given.get(name) ?? '';
      return known.includes(value) ? (value as T) : '';
    };
    const laneOf = (text: string): number => (/^\d{1,4}$/.test(text) && Number(text) < lanes ? Number(text) : -1);
    const hidden = (given.get('hide') ?? '')
      .split(',')
      .map(laneOf)
      .filter((lane) => lane >= 0);
    return {
      q: given.get('q') ?? '',
      show: oneOf<'failed'>('show', SHOWN),
      tag: given.get('tag') ?? '',
      hidden: hidden.length < lanes ? [...new Set(hidden)] : [],
      sort: oneOf<'cost'>('sort', SORTS),
      isDescending: given.get('desc') === '1',
      diff: laneOf(given.get('diff') ?? ''),
    };
  }

  /** Returns the fragment of a view, without what is at its default. */
  function write({ q, show, tag, hidden, sort, isDescending, diff }: PageView): string {
    const chosen = new URLSearchParams();
    if (q !== '') chosen.set('q', q);
    if (show !== '') chosen.set('show', show);
    if (tag !== '') chosen.set('tag', tag);
    if (hidden.length > 0) chosen.set('hide', hidden.join(','));
    if (sort !== '') chosen.set('sort', sort);
    if (isDescending) chosen.set('desc', '1');
    if (diff >= 0) chosen.set('diff', String(diff));
    return chosen.toString();
  }

  /** With expectations, lanes differ if one passed and another did not; without any, if their answers differ. */
  function differs(cells: readonly IndexCell[]): boolean {
    const isChecked = cells.some(({ state }) => state === 'passed' || state === 'failed' || state === 'not-run');
    const marks = cells.map(({ state, same }) =>
      isChecked ? String(state === 'passed') : MISSING.has(state) ? 'missing' : `${same}`,
    );
    return new Set(marks).size > 1;
  }

  function isShown(cells: readonly IndexCell[], show: PageView['show']): boolean {
    if (show === 'failed') return cells.some(({ state }) => state !== 'passed' && state !== 'answered');
    if (show === 'passed') return cells.every(({ state }) => state === 'passed' || state === 'answered');
    if (show === 'missing') return cells.some(({ state }) => MISSING.has(state));
    return show !== 'differs' || differs(cells);
  }

  /** Returns the mean of a figure over the cells that have it. */
  function figureOf(cells: readonly IndexCell[], sort: Exclude<PageView['sort'], ''>): number | undefined {
    const values = cells.map((cell) => cell[sort]).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /**
   * Returns the numbers of the rows that a view shows, in its order. `found` are the rows that contain the searched text; undefined:
   * all. Rows without the figure that the view sorts by come last.
   */
  function select(rows: readonly IndexRow[], view: PageView, found: ReadonlySet<number> | undefined): number[] {
    const { show, tag, hidden, sort, isDescending } = view;
    const shown: { row: number; figure: number | undefined }[] = [];
    rows.forEach(({ tags, cells }, row) => {
      const own = cells.filter(({ lane }) => !hidden.includes(lane));
      if (own.length === 0 || (found !== undefined && !found.has(row)) || (tag !== '' && !tags.includes(tag))) return;
      if (isShown(own, show)) shown.push({ row, figure: sort === '' ? row : figureOf(own, sort) });
    });
    const sign = isDescending ? -1 : 1;
    shown.sort((one, other) => {
      if (one.figure === undefined || other.figure === undefined)
        return Number(one.figure === undefined) - Number(other.figure === undefined) || one.row - other.row;
      return sign * (one.figure - other.figure) || one.row - other.row;
    });
    return shown.map(({ row }) => row);
  }

  return { read, write, select };
}
