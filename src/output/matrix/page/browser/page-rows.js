// Runs in a browser: tsconfig.browser.json checks it with the types of the DOM, page-rows.d.ts is what the rest of orx sees.

/** @typedef {import('../data.ts').IndexRow} IndexRow */
/** @typedef {import('../data.ts').TextRow} TextRow */
/** @typedef {import('../data.ts').TextCell} TextCell */
/** @typedef {import('../data.ts').PageText} PageText */

/**
 * @param {import('./page-rows.d.ts').RowParts} parts
 * @returns {import('./page-rows.d.ts').PageRows}
 */
export function pageRows({ lanes, diffLane, diff, copy }) {
  /** Marks and words of the states: a mark alone would be color and shape only. */
  const STATES = {
    passed: ['✓', 'passed'],
    failed: ['✗', 'failed'],
    'not-run': ['✗', 'not passed: an expectation did not run'],
    answered: ['–', 'answered, nothing expected'],
    unchecked: ['–', 'not checked'],
    empty: ['✗', 'empty answer'],
    error: ['✗', 'no complete answer'],
    'not-asked': ['–', 'not asked'],
  };
  /** The tags and attributes that orx writes. Node has escaped all text already; this holds even if it had not. */
  const TAGS = new Set(
    'DIV P H3 H4 H5 H6 PRE CODE HR TABLE THEAD TBODY TR TH TD BLOCKQUOTE UL OL LI A STRONG EM S IMG'.split(' '),
  );
  const ATTRIBUTES = new Set(['class', 'title', 'href', 'rel', 'value', 'src', 'alt']);
  const CLASSES = new Set(['md', 'table', 'right', 'center', 'dim']);

  /**
   * @param {string} tag
   * @param {string} [name]
   * @param {string} [text]
   */
  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** Returns markup of orx as elements. Parsing into another document runs and loads nothing. @param {string} html */
  function elementsOf(html) {
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    for (const element of body.querySelectorAll('*')) {
      if (!TAGS.has(element.tagName)) {
        element.replaceWith(document.createTextNode(element.textContent ?? ''));
        continue;
      }
      for (const name of element.getAttributeNames()) {
        const value = element.getAttribute(name) ?? '';
        const isGood =
          ATTRIBUTES.has(name) &&
          (name !== 'href' || /^(?:https?:|mailto:)/i.test(value)) &&
          (name !== 'src' || /^data:image\/(?:png|jpeg|gif|webp);base64,/.test(value)) &&
          (name !== 'class' || CLASSES.has(value));
        if (!isGood) element.removeAttribute(name);
      }
    }
    const fragment = document.createDocumentFragment();
    fragment.append(...body.childNodes);
    return fragment;
  }

  /** @param {PageText} text */
  function folded({ name, text }) {
    const details = make('details');
    details.append(make('summary', '', name), make('div', 'text', text));
    return details;
  }

  /** @param {string} text @param {string} name @param {() => void} work */
  function button(text, name, work) {
    const element = make('button', '', text);
    element.setAttribute('type', 'button');
    element.setAttribute('aria-label', name);
    element.addEventListener('click', work);
    return element;
  }

  /** @param {TextCell} cell */
  const rawText = (cell) => cell.raw ?? cell.text;

  /** Returns the answer, or how it differs from another one. @param {TextCell} cell @param {TextCell | undefined} base */
  function answerOf(cell, base) {
    const answer = make('div', 'answer');
    answer.dir = 'auto';
    if (base !== undefined) {
      answer.classList.add('text');
      for (const [kind, text] of diff(base.text, cell.text))
        answer.append(kind === 'same' ? text : make(kind === 'added' ? 'ins' : 'del', '', text));
      return answer;
    }
    answer.append(elementsOf(cell.html));
    if (cell.isCut !== true) return answer;
    const all = button(`show all ${cell.text.length.toLocaleString('en-US')} characters`, 'show the whole answer', () => {
      const whole = cell.whole === undefined ? make('div', 'text', cell.text) : elementsOf(cell.whole);
      answer.replaceChildren(whole);
    });
    all.removeAttribute('aria-label');
    answer.append(all);
    return answer;
  }

  /** @param {IndexRow} row */
  function headOf(row) {
    // It stays in view while a long row scrolls.
    const head = make('div', 'stay');
    const name = make('h3');
    name.append(make('bdi', '', row.id));
    head.append(name);
    const facts = [
      row.repetition === undefined ? '' : `repetition ${row.repetition}`,
      row.line === undefined ? '' : `line ${row.line}`,
    ].filter((text) => text !== '');
    if (row.label !== undefined) {
      const label = make('p', 'label');
      label.append(make('bdi', '', row.label));
      head.append(label);
    }
    if (facts.length > 0) head.append(make('p', 'dim', facts.join(' · ')));
    if (row.tags.length > 0) {
      const tags = make('p', 'tags');
      for (const tag of row.tags) tags.append(make('bdi', 'tag', tag));
      head.append(tags);
    }
    return head;
  }

  /** @param {PageText[]} prompt @param {HTMLElement} head */
  function addPrompt(prompt, head) {
    const last = prompt.findLast(({ name }) => name === 'user') ?? prompt[0];
    if (last === undefined) return;
    const start = make('div', 'text start', last.text);
    start.dir = 'auto';
    head.append(start);
    const details = make('details');
    details.append(make('summary', '', 'prompt'));
    for (const { name, text } of prompt) {
      const shown = make('div', 'text', text);
      shown.dir = 'auto';
      details.append(make('p', 'dim', name), shown);
    }
    head.append(details);
  }

  /**
   * @param {number} lane
   * @param {IndexRow['cells'][number] | undefined} index
   * @param {TextCell | undefined} text
   * @param {TextCell | undefined} base
   */
  function cellOf(lane, index, text, base) {
    const cell = make('td');
    cell.dataset['lane'] = String(lane);
    cell.tabIndex = -1;
    const { name } = /** @type {{ name: string }} */ (lanes[lane]);
    const label = make('p', 'lane');
    label.append(make('bdi', '', name));
    cell.append(label);
    if (index === undefined || text === undefined) {
      cell.append(make('p', 'dim', '– this lane does not answer the case'));
      return cell;
    }
    const [mark = '', words] = STATES[index.state];
    const isBad = mark === '✗';
    const state = make('p', isBad ? 'state bad' : index.state === 'passed' ? 'state good' : 'state dim');
    const sign = make('span', '', `${mark} `);
    sign.setAttribute('aria-hidden', 'true');
    const score = index.score === undefined || index.score === 0 || index.score === 1 ? '' : `, score ${index.score.toFixed(2)}`;
    state.append(sign, `${words}${score}`);
    cell.append(state);
    if (text.figures !== '') cell.append(make('p', 'dim', text.figures));
    if (text.judged !== undefined) cell.append(make('p', 'judged', `judge: ${text.judged}`));
    if (text.reason !== undefined) {
      const reason = make('div', 'text reason', text.reason);
      reason.dir = 'auto';
      cell.append(reason);
    }
    if (text.text !== '') cell.append(answerOf(text, base));
    if (text.media !== undefined) cell.append(elementsOf(text.media));
    cell.append(...text.more.map(folded));
    const foot = make('p', 'from dim');
    if (text.from !== '') foot.append(make('bdi', '', text.from), ' ');
    if (text.text !== '') foot.append(button('copy', `copy the answer of ${name}`, () => copy(rawText(text))));
    if (foot.childNodes.length > 0) cell.append(foot);
    return cell;
  }

  return {
    rawText,
    build(row, text) {
      const table = make('table', 'row');
      table.setAttribute('role', 'table');
      const caption = make('caption', 'unseen', `Answers to ${row.id}`);
      const titles = make('tr', 'unseen');
      for (const [number, title] of ['case', ...lanes.map(({ name }) => name)].entries()) {
        const heading = make('th', '', title);
        if (number > 0) heading.dataset['lane'] = String(number - 1);
        heading.setAttribute('scope', 'col');
        heading.setAttribute('role', 'columnheader');
        titles.append(heading);
      }
      const line = make('tr', 'line');
      const head = headOf(row);
      addPrompt([...text.prompt], head);
      const cellOfCase = make('th');
      cellOfCase.setAttribute('scope', 'row');
      cellOfCase.setAttribute('role', 'rowheader');
      cellOfCase.append(head);
      line.append(cellOfCase);
      const base = diffLane();
      const baseCell = text.cells[row.cells.findIndex(({ lane }) => lane === base)];
      lanes.forEach((_, lane) => {
        const at = row.cells.findIndex((cell) => cell.lane === lane);
        const cell = cellOf(lane, row.cells[at], text.cells[at], lane === base ? undefined : baseCell);
        cell.setAttribute('role', 'cell');
        line.append(cell);
      });
      const body = make('tbody');
      for (const one of [titles, line]) one.setAttribute('role', 'row');
      body.append(titles, line);
      table.append(caption, body);
      return table;
    },
  };
}
