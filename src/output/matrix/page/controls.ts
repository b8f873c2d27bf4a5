import type { MatrixReport } from '../../../core/matrix/report.ts';
import { escapeHtml } from '../../html/page.ts';
import { laneConditionText } from './conditions.ts';
import type { PageFacts } from './facts.ts';
import { rateText, shareIntervalText } from '../difference.ts';

const MOST_PROVIDERS = 3;

/** Returns the part of a page that its script fills with rows: the controls and the head of the lanes. */
export function answersHtml(report: MatrixReport, facts: PageFacts): string {
  return `<section id="answers">
<div class="inside">
<h2>Answers</h2>
<noscript><p class="warning">The answers need JavaScript, which this browser does not run here. The formats json, csv and markdown of -o have them as well.</p></noscript>
${controlsHtml(report)}</div>
${headsHtml(report, facts)}<div id="rows"></div>
<p id="none" class="inside" hidden>No case matches. Change the filters, or reset them.</p>
</section>
`;
}

function controlsHtml({ lanes }: MatrixReport): string {
  const isChecked = lanes.some(({ expecting }) => expecting > 0);
  const numbered = lanes.map(({ name }, index) => `<option value="${index}">${index + 1} ${escapeHtml(name)}</option>`).join('');
  const boxes = lanes.map(
    ({ name }, index) =>
      `<label><input type="checkbox" checked> <span>${index + 1} <bdi>${escapeHtml(name)}</bdi></span></label>\n`,
  );
  const show = [
    ['', 'all cases'],
    ...(isChecked
      ? [
          ['failed', 'not passed'],
          ['passed', 'passed in all lanes'],
        ]
      : []),
    ...(lanes.length > 1 ? [['differs', isChecked ? 'lanes with different results' : 'lanes with different answers']] : []),
    ['missing', 'no answer'],
  ];
  const sorts = [
    ['', 'file'],
    ['cost', 'cost'],
    ['ms', 'time'],
    ['tokens', 'tokens of the answer'],
    ...(isChecked ? [['score', 'score']] : []),
  ];
  const options = (all: readonly (readonly string[])[]): string =>
    all.map(([value, text]) => `<option value="${value}">${text}</option>`).join('');
  return `<form id="tools" class="tools" role="search" aria-label="Find answers" hidden>
<label class="search">Search<input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="text of a prompt, an answer or a reason"></label>
<label>Show<select id="show">${options(show)}</select></label>
<label id="tag-field" hidden>Tag<select id="tag"><option value="">all tags</option></select></label>
<label>Sort by<select id="sort">${options(sorts)}</select></label>
<label class="check"><input id="desc" type="checkbox"> descending</label>
<label${lanes.length > 1 ? '' : ' hidden'}>Word diff against<select id="diff"><option value="">none</option>${numbered}</select></label>
<button id="reset" type="button">Reset</button>
</form>
<details id="lanes"${lanes.length > 1 ? '' : ' hidden'}><summary>Lanes</summary>
<fieldset><legend>Filters and sorting regard only the lanes that are shown</legend>
${boxes.join('')}</fieldset></details>
<details class="keys"><summary>Keys</summary>
<p><kbd>j</kbd> <kbd>k</kbd> next and previous case · <kbd>←</kbd> <kbd>→</kbd> lane · <kbd>/</kbd> search · <kbd>f</kbd> only what did not pass · <kbd>d</kbd> word diff against this lane · <kbd>c</kbd> copy the answer</p></details>
<output id="count" role="status"></output>
`;
}

/** The tables of the rows name the lanes as well, so assistive software need not read this head. */
function headsHtml(report: MatrixReport, facts: PageFacts): string {
  const heads = report.lanes.map(({ name, passRate }, index) => {
    const { providers } = facts.lanes[index]!;
    const rest = providers.length - MOST_PROVIDERS;
    const provider = `${providers.slice(0, MOST_PROVIDERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    const rate =
      passRate === undefined
        ? ''
        : `${rateText(passRate.rate)} passed${passRate.interval === undefined ? '' : ` (${shareIntervalText(passRate.interval)})`}`;
    const lines = [provider, laneConditionText(report.conditions?.lanes[index]), rate].filter((text) => text !== '');
    return `<div data-lane="${index}"><strong>${index + 1} <bdi>${escapeHtml(name)}</bdi></strong>${lines.map((line) => `<p class="dim">${escapeHtml(line)}</p>`).join('')}</div>\n`;
  });
  return `<div class="heads" aria-hidden="true"><div class="corner dim">case</div>\n${heads.join('')}</div>\n`;
}
