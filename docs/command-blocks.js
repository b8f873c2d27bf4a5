// Reads the command lines of a Markdown page, for the test that runs them and for `npm run docs`, which refreshes their output.

/**
 * @typedef {object} Command
 * @property {string} line as it stands, without `$ `
 * @property {string | undefined} needs what it needs that a test does not have: `# needs: a browser`
 * @property {string | undefined} output what a console block shows below it
 * @property {number} number of its line in the page, from 1
 * @property {number} block which fenced block of the page it is in, from 0
 */

/**
 * Returns the command lines of all `sh` and `console` blocks, in order. A line that ends with a backslash continues on the next one.
 * @param {string} page
 * @returns {Command[]}
 */
export function commandLines(page) {
  /** @type {Command[]} */
  const commands = [];
  let fence = '';
  let block = -1;
  for (const [index, text] of page.split('\n').entries()) {
    const marker = /^```(\w*)$/.exec(text);
    if (marker !== null) {
      fence = fence === '' ? marker[1] || 'none' : '';
      if (fence !== '') block += 1;
      continue;
    }
    if (fence !== 'sh' && fence !== 'console') continue;
    const last = commands.at(-1);
    if (last?.block === block && !last.output && last.line.endsWith('\\')) {
      last.line = `${last.line.slice(0, -1).trimEnd()} ${text.trim()}`;
    } else if (fence === 'console' && !text.startsWith('$ ')) {
      if (last?.block === block) last.output = last.output === '' ? text : `${last.output}\n${text}`;
      continue;
    } else if (text.trim() !== '' && !text.startsWith('#')) {
      commands.push({
        line: text.replace(/^\$ /, ''),
        needs: undefined,
        output: fence === 'console' ? '' : undefined,
        number: index + 1,
        block,
      });
    }
    const command = commands.at(-1);
    const [, needs] = /\s# needs: (\S.*)$/.exec(command?.line ?? '') ?? [];
    if (command !== undefined && needs !== undefined) command.needs = needs;
  }
  return commands;
}

/** A figure in a row of figures, such as a report of speeds; not an amount of money. */
const MEASURED = /(?<=\s)[\d.,]+k?(?=\s)/g;

/**
 * Returns what stays the same of an output: no times, speeds, dates, ids, ports and folders, and no widths that follow from them.
 * @param {string} output
 */
export function stableOutput(output) {
  return output
    .replaceAll(/\b01[0-9a-z]{24}\b/g, 'ID')
    .replaceAll(/\b\d{4}-\d\d-\d\d\b/g, 'DATE')
    .replaceAll(/\b\d\d:\d\d(:\d\d)?\b/g, 'TIME')
    .replaceAll(/\b\d\d-\d\d\b/g, 'DAY')
    .replaceAll(/just fetched|prices just|prices \d+ s old|\d+ (s|min) old|fetched [^,\n]* ago/g, 'AGE')
    .replaceAll(/[\d.,]+ (s|ms|tok\/s)(?!\w)/g, 'SPEED')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/(?<=[\s"'])\/[\w./-]+\/(?=[\w.-]+)/g, 'FOLDER/')
    .replaceAll(/orx\/?\s?\d+\.\d+\.\d+\S*/g, 'VERSION')
    .replaceAll(/^.*$/gm, (row) => ((row.match(MEASURED) ?? []).length < 6 ? row : row.replaceAll(MEASURED, 'N')))
    .replaceAll(/[█▁▂▃▄▅▆▇.─╌]{3,}/g, 'LINE')
    .replaceAll(/[ ]+/g, ' ')
    .trim();
}

/**
 * Returns the page with other outputs below the commands of its console blocks.
 * @param {string} page
 * @param {ReadonlyMap<number, string>} outputs by the number of the command's line
 */
export function withOutputs(page, outputs) {
  const lines = page.split('\n');
  for (const [number, output] of [...outputs].toSorted(([one], [other]) => other - one)) {
    const isEnd = (/** @type {string} */ text) => text.startsWith('$ ') || text === '```';
    let start = number;
    while (lines[start - 1]?.endsWith('\\')) start += 1;
    let end = start;
    while (end < lines.length && !isEnd(/** @type {string} */ (lines[end]))) end += 1;
    lines.splice(start, end - start, ...(output.trim() === '' ? [] : output.trimEnd().split('\n')));
  }
  return lines.join('\n');
}
