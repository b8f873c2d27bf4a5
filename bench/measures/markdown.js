// Measures the cost of formatting an answer in Markdown as rows, compared with the same answer as plain text: without a terminal,
// in pieces of one token with an image after every tenth, like an answer at a hundred tokens a second. The cost must grow
// linearly with the answer.
import { pathToFileURL } from 'node:url';
import { bundleSource } from '../support/bundle-source.js';
import { inTurn } from '../support/statistics.js';

const SIZES_KB = [5, 50, 500];
const ROUNDS = 5;
const WIDTH = 100;
const TOKEN = 4;
const TOKENS_PER_PICTURE = 10;
const HIGHEST_TAIL = 27;

const SAMPLE = `## A heading with \`code\`

Some **strong words**, some *emphasis*, a [link](https://example.com/a) and \`inline code\`, in a paragraph that is long enough to be wrapped
more than once on the terminal; it has 日本語 in it, and an emoji 👩‍🔬.

1. The first item, with **a word** in it
   - a nested one
   - and another
2. The second

| name | price | notes |
|:-----|------:|-------|
| one | $0.27 | a note that is long enough to be wrapped in its cell when others are long as well |
| two | $3.00 | \`code\` |

> What somebody said, on a line that is quoted.

\`\`\`python
def add(first, second):
    """Adds."""
    return first + second  # their sum
\`\`\`

`;

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureMarkdown({ folder }) {
  const load = async (/** @type {string} */ source) => import(pathToFileURL(await bundleSource(source, folder)).href);
  const [{ createAnswerFeed }, { createTheme }] = [
    await load('src/ui/chat/answer-feed.ts'),
    await load('src/output/text/theme.ts'),
  ];
  const theme = createTheme('dark', { isTTY: true }, {});

  /** @param {string} text @param {boolean} isMarkdown */
  const time = async (text, isMarkdown) => {
    const start = performance.now();
    const feed = createAnswerFeed(WIDTH, { showReasoning: true, theme, isMarkdown, monotonic: () => 0 });
    for (let at = 0, count = 1; at < text.length; at += TOKEN, count += 1) {
      await feed.see({ type: 'text-delta', text: text.slice(at, at + TOKEN) });
      if (count % TOKENS_PER_PICTURE === 0) feed.take(HIGHEST_TAIL);
    }
    feed.end();
    feed.take();
    return performance.now() - start;
  };

  /** @type {import('../support/figures.js').Figure[]} */
  const figures = [];
  let perKb = 0;
  for (const size of SIZES_KB) {
    const text = SAMPLE.repeat(Math.ceil((size * 1024) / SAMPLE.length)).slice(0, size * 1024);
    const { markdown, plain } = await inTurn(ROUNDS, { markdown: () => time(text, true), plain: () => time(text, false) });
    figures.push({
      what: `Markdown of ${size} KB`,
      figure: markdown,
      unit: 'ms',
      against: { name: 'plain text', figure: plain },
      ...(size === 50 && { target: /** @type {const} */ ('markdown') }),
    });
    if (size === SIZES_KB.at(-1)) {
      const against = { name: `of ${SIZES_KB.at(-2)} KB`, figure: perKb };
      figures.push({
        what: `Markdown of ${size} KB, each KB`,
        figure: markdown / size,
        unit: 'ms',
        against,
        aim: { limit: 1.5 },
      });
    }
    perKb = markdown / size;
  }
  return figures;
}
