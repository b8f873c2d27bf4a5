import { isDirect } from '../../apis/direct-id.ts';
import type { Receipt } from '../../core/answer/receipt.ts';
import { paidCost } from '../../paid-cost.ts';
import { moneyText } from '../text/money.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { countText, secondsText, throughputText } from '../text/number.ts';
import { causesText, unaskedTexts } from './unasked.ts';
import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import { visibleLine } from '../text/visible.ts';
import { textWidth } from '../text/width.ts';

/** A server also counts what it takes to find that the model is loaded: no more than this. */
const SHORTEST_LOAD_MS = 250;

export interface ReceiptText {
  /** What a person should look at: another model answered, something had to be tried first, nothing came. */
  warnings: readonly string[];
  /** Who, how fast, how much, for how much. */
  line: string;
}

/** The lines after an answer; broken between their parts where the screen has fewer `columns`. */
export function receiptText(receipt: Receipt, columns = Number.POSITIVE_INFINITY): ReceiptText {
  const parts = [
    receipt.isSandbox ? SANDBOX_LABEL : undefined,
    nameWithoutAuthor(receipt.model),
    receipt.provider,
    receipt.state === 'complete' ? undefined : receipt.state,
    receipt.loadMs === undefined || receipt.loadMs < SHORTEST_LOAD_MS ? undefined : `loaded in ${secondsText(receipt.loadMs)}`,
    receipt.timeToFirstTokenMs === undefined ? undefined : `${secondsText(receipt.timeToFirstTokenMs)} to first token`,
    receipt.throughput === undefined ? undefined : throughputText(receipt.throughput),
    receipt.toolCalls === 0 ? undefined : `${countText(receipt.toolCalls)} tool ${receipt.toolCalls === 1 ? 'call' : 'calls'}`,
    tokensText(receipt),
    costText(receipt),
  ].filter((part) => part !== undefined);
  return { warnings: warningTexts(receipt).map(visibleLine), line: joinParts(parts.map(visibleLine), columns) };
}

function joinParts(parts: readonly string[], columns: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last} · ${part}`;
    if (last !== undefined && textWidth(longer) < columns) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.join('\n');
}

function tokensText(receipt: Receipt): string | undefined {
  if (receipt.promptTokens === undefined || receipt.completionTokens === undefined) return undefined;
  const cached = receipt.cachedShare === undefined ? '' : ` (${Math.round(receipt.cachedShare * 100)} % cached)`;
  const reasoning =
    receipt.reasoningTokens === undefined || receipt.reasoningTokens === 0
      ? ''
      : ` (${countText(receipt.reasoningTokens)} reasoning)`;
  return `${countText(receipt.promptTokens)} in${cached} → ${countText(receipt.completionTokens)} out${reasoning}`;
}

const SOURCES: Readonly<Record<Receipt['costSource'], string>> = {
  billed: '',
  computed: ' (computed)',
  'looked-up': ' (looked up)',
  unknown: '',
};

function costText(receipt: Receipt): string {
  const { upstreamCost } = receipt;
  const source = SOURCES[receipt.costSource];
  if (receipt.isByok && upstreamCost !== undefined) {
    const total = moneyText(paidCost(receipt)!);
    const fee = receipt.cost === undefined ? 'fee not known' : `${moneyText(receipt.cost)} fee`;
    return `${total} with your own provider key (${moneyText(upstreamCost)} paid to the provider, ${fee})${source}`;
  }
  if (receipt.cost === undefined) {
    // A vendor has no bill that could be looked up later.
    const isOpen = receipt.state !== 'complete' && receipt.generationId !== undefined && !isDirect(receipt.model);
    return isOpen ? `cost not known yet (${receipt.generationId})` : 'cost not known';
  }
  const byok = receipt.isByok ? ' fee; the provider charges your own key, the amount is not known' : '';
  return `${moneyText(receipt.cost)}${byok}${source}`;
}

function warningTexts(receipt: Receipt): string[] {
  const texts: string[] = [...unaskedTexts(receipt)];
  const causes = causesText(receipt);
  if (receipt.otherModels.length === 0 && causes !== '')
    texts.push(`warning: ${receipt.model} ${receipt.state === 'failed' ? 'failed' : 'answered'} after ${causes}`);
  return texts;
}
