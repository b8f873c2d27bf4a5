import { type CellResult, hasPassed } from '../../../core/matrix/cell-result.ts';
import { moneyText } from '../../text/money.ts';
import { countOf } from '../../text/count-of.ts';
import { secondsText } from '../../text/number.ts';
import { withoutKeys } from '../../text/error.ts';
import { visibleLine, visibleText } from '../../text/visible.ts';
import { markdownHtml } from '../../html/markdown.ts';
import { mediaHtml } from '../../html/media.ts';
import { costOfCell, sumOf } from '../cell-json.ts';
import { verdictText } from '../judge.ts';
import { cellReason } from '../reason.ts';
import type { IndexCell, IndexRow, PageState, PageText, TextCell, TextRow } from './data.ts';

/** Longer answers are shown whole only on request. In UTF-16 units, as all lengths here. */
const LONGEST_SHOWN = 4_000;
/** Longer answers are shown as text: rendering them would take seconds, in Node and in the browser. */
const LONGEST_RENDERED = 100_000;
/** Longer prompts, variables and folded texts are cut. The page is about answers. */
const LONGEST_OTHER = 20_000;

/** Returns what a row is found by, and what it shows. `cells` are those of one repetition of a case, in the order of the lanes. */
export function pageRow(cells: readonly CellResult[], hasRepetitions: boolean): { index: IndexRow; texts: TextRow } {
  const { testCase, repetition } = cells[0]!.cell;
  const { id, label, tags, origin } = testCase;
  const first = new Map<string, number>();
  const index = cells.map((result): IndexCell => {
    const { lane } = result.cell;
    const text = result.answers.at(-1)?.text.trim() ?? '';
    if (!first.has(text)) first.set(text, lane);
    return indexCell(result, first.get(text)!);
  });
  return {
    index: {
      id: visibleLine(id),
      ...(label !== undefined && label !== id && { label: visibleLine(label) }),
      ...(hasRepetitions && { repetition }),
      ...(origin.line !== undefined && { line: origin.line }),
      tags: tags.map(visibleLine),
      cells: index,
    },
    texts: { prompt: promptTexts(testCase), cells: cells.map(textCell) },
  };
}

function indexCell(result: CellResult, same: number): IndexCell {
  const { cell, answers, outcome } = result;
  const cost = costOfCell(answers);
  const ms = sumOf(answers, 'durationMs');
  const figures = {
    cost: cost === undefined ? undefined : Number(cost),
    ms: ms === undefined ? undefined : Math.round(ms),
    tokens: sumOf(answers, 'completionTokens'),
    score: outcome?.score,
  };
  const known = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  return { lane: cell.lane, state: stateOf(result), ...known, same };
}

function stateOf(result: CellResult): PageState {
  const { state, outcome, cell } = result;
  if (state === 'failed') return 'error';
  if (state !== 'answered') return state;
  if (outcome === undefined) return cell.testCase.expectations.length === 0 ? 'answered' : 'unchecked';
  if (outcome.verdict === 'none') return 'answered';
  if (hasPassed(result)) return 'passed';
  return outcome.verdict === 'not-run' ? 'not-run' : 'failed';
}

function promptTexts({ prompt, followUps, vars, reference }: CellResult['cell']['testCase']): PageText[] {
  const named = Object.keys(vars).length === 0 ? undefined : JSON.stringify(vars, undefined, 2);
  return [
    ...prompt.map(({ role, text }) => pageText(role, text)),
    ...followUps.map((text, index) => pageText(`question ${index + 2}`, text)),
    ...(named === undefined ? [] : [pageText('variables', named)]),
    ...(reference === undefined ? [] : [pageText('reference', reference)]),
  ];
}

function textCell(result: CellResult): TextCell {
  const { answers, outcome, verdicts = [] } = result;
  const last = answers.at(-1);
  const raw = last?.text ?? '';
  const text = visibleText(raw);
  const isCut = text.length > LONGEST_SHOWN;
  const reason = cellReason(result);
  const images = last?.images ?? [];
  return {
    text,
    ...(text !== raw && { raw }),
    html: markdownHtml(isCut ? `${shortened(text, LONGEST_SHOWN)} …` : text),
    ...(isCut && { isCut }),
    ...(isCut && text.length <= LONGEST_RENDERED && { whole: markdownHtml(text) }),
    ...(images.length > 0 && { media: mediaHtml({ images }) }),
    figures: figuresText(result),
    from: fromText(result),
    ...(verdicts.length > 0 && { judged: verdicts.map(verdictText).join(' · ') }),
    ...(reason !== undefined && { reason: visibleText(reason) }),
    more: [
      ...answers.slice(0, -1).map((answer, index) => pageText(`answer to question ${index + 1}`, answer.text)),
      ...(last?.reasoning === undefined ? [] : [pageText('reasoning', last.reasoning)]),
      ...(last?.toolCalls ?? []).map((call) => pageText(`tool call ${call.name}`, call.arguments)),
      ...verdicts.map((verdict) => pageText(`judge: ${verdictText(verdict)}`, withoutKeys(verdict.reason))),
      ...(outcome === undefined || outcome.checks.length === 0 ? [] : [checksText(outcome.checks)]),
    ],
  };
}

function figuresText({ answers }: CellResult): string {
  const cost = costOfCell(answers);
  const ms = sumOf(answers, 'durationMs');
  const tokens = sumOf(answers, 'completionTokens');
  return [
    cost === undefined ? '' : moneyText(cost),
    ms === undefined ? '' : secondsText(ms),
    tokens === undefined ? '' : countOf(tokens, 'token'),
  ]
    .filter((text) => text !== '')
    .join(' · ');
}

function fromText({ answers }: CellResult): string {
  const { model, provider, finishReason } = answers.at(-1) ?? {};
  // `stop` is how every complete answer ends.
  const end = finishReason === undefined || finishReason === 'stop' ? '' : `ended with ${finishReason}`;
  return visibleLine([model ?? '', provider ?? '', end].filter((text) => text !== '').join(' · '));
}

function checksText(checks: NonNullable<CellResult['outcome']>['checks']): PageText {
  const lines = checks.map(({ name, verdict, reason }) => {
    const word = { pass: '✓ passed', fail: '✗ failed', 'not-run': '✗ not run' }[verdict];
    return `${word}: ${name}${reason === undefined ? '' : `: ${reason}`}`;
  });
  return pageText(countOf(checks.length, 'expectation'), withoutKeys(lines.join('\n')));
}

function pageText(name: string, text: string): PageText {
  const shown = visibleText(text);
  const rest = shown.length - LONGEST_OTHER;
  return {
    name: visibleLine(name),
    text:
      rest <= 0
        ? shown
        : `${shortened(shown, LONGEST_OTHER)}\n… ${countOf(rest, 'more character is', 'more characters are')} not on this page`,
  };
}

/** Returns the first characters, without half a surrogate pair at the end. */
function shortened(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
