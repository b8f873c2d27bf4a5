import { readCell, readTreePage, TABLE_LEAF, type TreePage } from './b-tree.ts';
import type { Pages } from './pages.ts';

export interface Walk {
  pages: Pages;
  isTable: boolean;
  /** Returns whether the rows of a page belong to the table or index being read. */
  isMine: (page: TreePage) => boolean;
  /** Pages with rows that already belong to a tree; updated by the walk. */
  taken: Set<number>;
  /** Inner pages of this tree and others; updated by the walk. */
  inner: Set<number>;
  onProblem: (text: string) => void;
}

interface Child {
  page: number;
  numbers: TreePage['numbers'];
}

const DEEPEST = 40;

/** Returns the pages of a tree that contain rows, in order, as far as its inner pages lead to them. */
export function walkTree(walk: Walk, root: number): TreePage[] {
  const { pages, isTable, isMine, taken, inner, onProblem } = walk;
  const matches: TreePage[] = [];
  const here = new Set<number>();
  visit(root, 0, undefined);
  return matches;

  function visit(number: number, depth: number, numbers: TreePage['numbers']): void {
    if (taken.has(number) || here.has(number) || depth > DEEPEST) {
      onProblem(`page ${number} is used twice`);
      return;
    }
    const page = readTreePage(pages, number);
    const isInner = page !== undefined && page.isTable === isTable && !page.isLeaf;
    const children = isInner ? childrenOf(page, numbers) : [];
    if (isInner && children.every((child) => isPlausible(child.page, number))) {
      descend(page, children, depth);
      return;
    }
    if (page !== undefined && page.isTable === isTable && page.isLeaf) {
      // An empty page has no rows to check: its type is enough.
      if (page.cells.length === 0 || isMine(page)) take({ ...page, numbers });
      else onProblem(`page ${number} holds something else`);
      return;
    }
    onProblem(`page ${number} is damaged`);
    // The reference to this page is intact, so a leaf with a damaged type is still a leaf.
    const leaf = isTable ? readTreePage(pages, number, TABLE_LEAF) : undefined;
    if (leaf !== undefined && leaf.cells.length > 0 && isMine(leaf)) take({ ...leaf, numbers });
    else if (isInner)
      descend(
        page,
        children.filter((child) => isPlausible(child.page, number)),
        depth,
      );
  }

  function take(page: TreePage): void {
    taken.add(page.page);
    matches.push(page);
  }

  function descend(page: TreePage, children: readonly Child[], depth: number): void {
    here.add(page.page);
    inner.add(page.page);
    // Inner pages of an index contain rows, too.
    if (!isTable) matches.push(page);
    for (const child of children) visit(child.page, depth + 1, child.numbers);
  }

  function childrenOf(page: TreePage, numbers: TreePage['numbers']): Child[] {
    const children: Child[] = [];
    let above = numbers?.above ?? -Infinity;
    for (const start of page.cells) {
      const { child = 0, row } = readCell(pages, page, start) ?? {};
      children.push({ page: child, numbers: row === undefined ? undefined : { above, upTo: row } });
      above = row ?? above;
    }
    return [...children, { page: page.rightmost, numbers: { above, upTo: numbers?.upTo ?? Infinity } }];
  }

  function isPlausible(child: number, parent: number): boolean {
    return child > 1 && child <= pages.count && child !== parent;
  }
}
