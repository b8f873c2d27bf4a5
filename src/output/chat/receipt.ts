import { isDirect } from '../../apis/direct-id.ts';
import type { Receipt } from '../../core/answer/receipt.ts';
import { paidCost } from '../../paid-cost.ts';
import { moneyText } from '../text/money.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { countText, secondsText, throughputText } from '../text/number.ts';
import { causesText, differenceTexts } from './differences.ts';
import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import { visibleLine } from '../text/visible.ts';
import { textWidth } from '../text/width.ts';

/** Shorter load times are not shown, because a server also counts the time to check that the model is loaded. */
const SHORTEST_LOAD_MS = 250;

export interface ReceiptText {
  /** What the user should check: another model answered, earlier attempts failed, there is no answer. */
  warnings: readonly string[];
  /** The model and provider, the speed, the tokens and the cost. */
  line: string;
}

/** Returns the lines after an answer. They are broken between parts if the screen has fewer than `columns` columns. */
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
  const cached = receipt.cachedShare === undefined ? '' : ` (${Math.round(receipt.cachedShare * 100)}% cached)`;
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
    // The cost of a direct request cannot be looked up later.
    const isOpen = receipt.state !== 'complete' && receipt.generationId !== undefined && !isDirect(receipt.model);
    return isOpen ? `cost not known yet (${receipt.generationId})` : 'cost not known';
  }
  const byok = receipt.isByok ? ' fee; the provider charges your own key, the amount is not known' : '';
  return `${moneyText(receipt.cost)}${byok}${source}`;
}

function warningTexts(receipt: Receipt): string[] {
  const texts: string[] = [...differenceTexts(receipt)];
  const causes = causesText(receipt);
  if (receipt.otherModels.length === 0 && causes !== '')
    texts.push(`warning: ${receipt.model} ${receipt.state === 'failed' ? 'failed' : 'answered'} after ${causes}`);
  return texts;
}
