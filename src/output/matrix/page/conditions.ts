import type { LaneConditions, MatrixReport } from '../../../core/matrix/report.ts';
import { escapeHtml } from '../../html/page.ts';
import { withoutKeys } from '../../text/error.ts';
import { countOf } from '../../text/count-of.ts';
import { moneyText } from '../../text/money.ts';
import { perMillionText } from '../../text/price.ts';
import { visibleLine } from '../../text/visible.ts';

/** Returns the price of a lane in one line: `$0.15 in, $0.60 out per million tokens`. Empty if it is not known. */
export function laneConditionText(conditions: LaneConditions | undefined): string {
  const { price } = conditions ?? {};
  if (price === undefined) return '';
  if (price === 'local') return 'runs on this machine';
  const { prompt, completion } = price;
  if (prompt === undefined || completion === undefined) return '';
  const [from, to] = [prompt, completion].map((one) => perMillionText(one, { short: true }));
  return prompt === 'varies' || completion === 'varies' ? 'price varies' : `$${from} in, $${to} out per million tokens`;
}

/** Returns the foot of a page: how the run was made, so that somebody else can judge or repeat it. */
export function footHtml(report: MatrixReport): string {
  const { conditions, lanes, totals, source, id, orx, startedAt, endedAt, stopped, cluster } = report;
  const judged = Number(totals.judgeCost) > 0 ? `, of it ${moneyText(totals.judgeCost)} for the judge` : '';
  const unknown = totals.unpriced > 0 ? `, cost of ${countOf(totals.unpriced, 'answer')} unknown` : '';
  const facts: (readonly [name: string, text: string])[] = [
    ...(conditions === undefined ? [] : [['command', withoutKeys(conditions.command)] as const]),
    ['prompts', source],
    ...(id === undefined ? [] : [['run', id] as const]),
    ['time', `${momentText(startedAt)} to ${momentText(endedAt)}`],
    ['cost', `${moneyText(totals.cost)} for the whole run${judged}${unknown}`],
    ...lanes.map(({ name, model }, index): readonly [string, string] => {
      const own = conditions?.lanes[index];
      const parts = [model === name ? '' : model, laneConditionText(own), ...(own?.parameters ?? [])];
      return [`${index + 1} ${name}`, parts.filter((part) => part !== '').join(' · ')];
    }),
    ...(stopped === undefined ? [] : [['stopped', withoutKeys(stopped.message)] as const]),
    ...(cluster === undefined ? [] : [['groups', `intervals of pass rates and differences group cases by ${cluster}`] as const]),
    ['made by', `orx ${orx}`],
  ];
  const rows = facts.map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(visibleLine(text))}</dd>\n`);
  return `<footer class="inside"><h2>How this was made</h2>
<dl>
${rows.join('')}</dl>
<p class="dim">Prices are those of the catalog at the time of the run. Intervals are at 95%; repetitions of a case count as one.</p>
</footer>
`;
}

/** UTC, because a page is read elsewhere than it was made. */
function momentText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
