// Runs in a browser: tsconfig.browser.json checks it with the types of the DOM, page-script.d.ts is what the rest of orx sees.

/** @typedef {import('./page-texts.ts').PlacedRow} Row */

/** @param {import('./page-script.d.ts').ScriptParts} parts */
export function pageScript({ views, differ, rows: rowsOf, texts: textsOf }) {
  const { read, write, select } = views();
  /** @template {HTMLElement} T @param {string} id @returns {T} */
  const byId = (id) => /** @type {T} */ (document.getElementById(id));
  /** @param {Element} block @returns {any} */
  const parsed = (block) => JSON.parse(block.textContent ?? '');
  /** @param {string} name */
  const blocksOf = (name) => [...document.querySelectorAll(`script.${name}`)];

  /** @type {{ lanes: { name: string }[], tags: string[] }} */
  const { lanes, tags } = parsed(/** @type {Element} */ (blocksOf('facts')[0]));
  /** @type {Row[]} */
  const rows = blocksOf('index').flatMap((block, number) =>
    parsed(block).map((/** @type {object} */ row, /** @type {number} */ at) => ({ ...row, block: number, at })),
  );
  const texts = textsOf(blocksOf('texts'), rows);
  const [list, count] = [byId('rows'), byId('count')];
  const { style: root } = document.documentElement;
  /** @type {Record<'q' | 'show' | 'tag' | 'sort' | 'desc' | 'diff', HTMLInputElement>} */
  const inputs = {
    q: byId('q'),
    show: byId('show'),
    tag: byId('tag'),
    sort: byId('sort'),
    desc: byId('desc'),
    diff: byId('diff'),
  };
  /** @type {HTMLInputElement[]} */
  const laneBoxes = [...document.querySelectorAll('#lanes input')].map((box) => /** @type {HTMLInputElement} */ (box));
  let view = read(location.hash, lanes.length);
  /** @type {number[]} */
  let order = [];
  /** The selected cell: a place in `order`, and a lane. */
  let [place, lane] = [-1, 0];
  /** @type {{ q: string, rows: Set<number> | undefined }} */
  let found = { q: '', rows: undefined };
  /** @type {Map<number, HTMLElement>} */
  const articles = new Map();
  const { build, rawText } = rowsOf({ lanes, diffLane: () => view.diff, diff: differ(), copy: (text) => void copy(text) });

  /** @param {string} text */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      say('copied');
    } catch {
      // A page that is no secure context has no clipboard, and a browser may refuse it.
      const field = document.createElement('textarea');
      field.value = text;
      document.body.append(field);
      field.select();
      say(document.execCommand('copy') ? 'copied' : 'cannot copy');
      field.remove();
    }
  }

  /** @param {string} text */
  function say(text) {
    count.textContent = text;
  }

  /** Fills a row, once. @param {number} row */
  async function fill(row) {
    const article = articleOf(row);
    if (article.dataset['made'] !== undefined) return;
    article.dataset['made'] = '';
    const text = await texts.of(/** @type {Row} */ (rows[row]));
    // The view may have changed meanwhile.
    if (articles.get(row) === article && text !== undefined) article.replaceChildren(build(/** @type {Row} */ (rows[row]), text));
  }

  const nearby = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        nearby.unobserve(target);
        void fill(Number(/** @type {HTMLElement} */ (target).dataset['row']));
      }
    },
    { rootMargin: '1200px 0px' },
  );

  /** @param {number} row */
  function articleOf(row) {
    const known = articles.get(row);
    if (known !== undefined) return known;
    const article = document.createElement('article');
    article.dataset['row'] = String(row);
    const title = document.createElement('h3');
    title.textContent = /** @type {Row} */ (rows[row]).id;
    article.append(title);
    articles.set(row, article);
    return article;
  }

  /** Shows the view. */
  async function show() {
    const { q } = view;
    if (q === '') found = { q, rows: undefined };
    else if (found.q !== q) {
      say('searching …');
      const matches = await texts.search(q, () => view.q === q);
      if (matches === undefined) return;
      found = { q, rows: matches };
    }
    const current = order[place];
    order = select(rows, view, found.rows);
    place = current === undefined ? -1 : order.indexOf(current);
    const shown = order.map(articleOf);
    list.replaceChildren(...shown);
    for (const article of shown) if (article.dataset['made'] === undefined) nearby.observe(article);
    const whole = rows.length.toLocaleString('en-US');
    const shownOf = order.length === rows.length ? '' : `${order.length.toLocaleString('en-US')} of `;
    say(`${shownOf}${whole} ${rows.length === 1 ? 'case' : 'cases'}`);
    byId('none').hidden = order.length > 0;
  }

  /** Makes the controls and the columns say what the view is. */
  function showControls() {
    inputs.q.value = view.q;
    inputs.show.value = view.show;
    inputs.tag.value = view.tag;
    inputs.sort.value = view.sort;
    inputs.desc.checked = view.isDescending;
    inputs.diff.value = view.diff < 0 ? '' : String(view.diff);
    laneBoxes.forEach((box, number) => (box.checked = !view.hidden.includes(number)));
    const classes = document.body.classList;
    for (let number = 0; number < lanes.length; number += 1) classes.toggle(`hide-${number}`, view.hidden.includes(number));
    root.setProperty('--lanes', String(lanes.length - view.hidden.length));
  }

  /** @param {Partial<typeof view>} changes */
  function change(changes) {
    const before = view;
    view = { ...view, ...changes };
    if (view.hidden.length >= lanes.length) view = { ...view, hidden: before.hidden };
    history.replaceState(null, '', `#${write(view)}`);
    return apply(before);
  }

  /** @param {typeof view} before */
  function apply(before) {
    showControls();
    if (view.diff !== before.diff) {
      nearby.disconnect();
      articles.clear();
    }
    return show();
  }

  /** Moves the selection. @param {number} rowsDown @param {number} lanesRight */
  async function move(rowsDown, lanesRight) {
    if (order.length === 0) return;
    const shownLanes = lanes.map((_, number) => number).filter((number) => !view.hidden.includes(number));
    const column = Math.max(0, shownLanes.indexOf(lane));
    lane = shownLanes[Math.min(shownLanes.length - 1, Math.max(0, column + (place < 0 ? 0 : lanesRight)))] ?? 0;
    place = Math.min(order.length - 1, Math.max(0, place + (place < 0 ? 1 : rowsDown)));
    const row = /** @type {number} */ (order[place]);
    // Rows above that are filled later would move this one away.
    await Promise.all(order.slice(Math.max(0, place - 6), place + 2).map(fill));
    const cell = /** @type {HTMLElement | null} */ (articleOf(row).querySelector(`td[data-lane="${lane}"]`));
    if (cell === null) return;
    cell.focus({ preventScroll: true });
    if (lanesRight === 0) articleOf(row).scrollIntoView({ block: 'start' });
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Shows the selected cell after the rows have changed. */
  const stay = () => (place < 0 ? undefined : move(0, 0));

  /** Copies the selected answer. */
  async function copySelected() {
    const row = rows[order[place] ?? -1];
    if (row === undefined) return;
    const text = await texts.of(row);
    const cell = text?.cells[row.cells.findIndex((one) => one.lane === lane)];
    if (cell !== undefined) await copy(rawText(cell));
  }

  /** @type {Record<string, () => void>} */
  const KEYS = {
    j: () => void move(1, 0),
    k: () => void move(-1, 0),
    ArrowRight: () => void move(0, 1),
    ArrowLeft: () => void move(0, -1),
    '/': () => inputs.q.select(),
    c: () => void copySelected(),
    d: () => void change({ diff: view.diff < 0 ? lane : -1 }).then(stay),
    f: () => void change({ show: view.show === 'failed' ? '' : 'failed' }).then(stay),
  };

  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && target === inputs.q) {
      if (inputs.q.value === '') inputs.q.blur();
      else void change({ q: '' });
      return;
    }
    if (/^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
    const work = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
    if (work === undefined) return;
    event.preventDefault();
    work();
  });
  list.addEventListener('focusin', (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest('td[data-lane]');
    const article = cell?.closest('article');
    if (!(cell instanceof HTMLElement) || !(article instanceof HTMLElement)) return;
    [place, lane] = [order.indexOf(Number(article.dataset['row'])), Number(cell.dataset['lane'])];
  });

  // Rows that the reader jumps to begin below the head of the lanes.
  const heads = /** @type {HTMLElement} */ (document.querySelector('.heads'));
  new ResizeObserver(() => root.setProperty('--head', `${heads.offsetHeight}px`)).observe(heads);
  for (const tag of tags) {
    const option = document.createElement('option');
    option.value = tag;
    option.textContent = tag;
    inputs.tag.append(option);
  }
  byId('tag-field').hidden = tags.length === 0;
  byId('tools').hidden = false;
  byId('tools').addEventListener('submit', (event) => event.preventDefault());
  let typing = 0;
  inputs.q.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => void change({ q: inputs.q.value }), 150);
  });
  inputs.show.addEventListener('change', () => void change({ show: /** @type {typeof view.show} */ (inputs.show.value) }));
  inputs.tag.addEventListener('change', () => void change({ tag: inputs.tag.value }));
  inputs.sort.addEventListener('change', () => void change({ sort: /** @type {typeof view.sort} */ (inputs.sort.value) }));
  inputs.desc.addEventListener('change', () => void change({ isDescending: inputs.desc.checked }));
  inputs.diff.addEventListener('change', () => void change({ diff: inputs.diff.value === '' ? -1 : Number(inputs.diff.value) }));
  laneBoxes.forEach((box, number) =>
    box.addEventListener('change', () => {
      const hidden = view.hidden.filter((one) => one !== number);
      void change({ hidden: box.checked ? hidden : [...hidden, number] });
      showControls();
    }),
  );
  byId('reset').addEventListener('click', () => void change(read('', lanes.length)));
  window.addEventListener('hashchange', () => {
    const before = view;
    view = read(location.hash, lanes.length);
    void apply(before);
  });
  // Paper shows everything that the view selects.
  window.addEventListener('beforeprint', () => order.forEach((row) => void fill(row)));

  void apply(view);
}
