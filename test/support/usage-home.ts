import { openLedger } from '../../src/storage/ledger/open-ledger.ts';
import type { Budget } from '../../src/storage/ledger/budgets/budget.ts';
import type { LedgerEntry } from '../../src/storage/ledger/entry.ts';
import { orxPaths } from '../../src/storage/paths.ts';
import { makeEntry } from './ledger-report.ts';
import { tempFolder } from './temp-home.ts';

const DAY = 86_400_000;

/** Creates a home whose sandbox has a ledger with these entries and budgets. */
export async function homeWithUsage(
  entries: readonly LedgerEntry[],
  { home = tempFolder(), budgets = [] }: { home?: string; budgets?: readonly Omit<Budget, 'id'>[] } = {},
): Promise<string> {
  const ledger = await openLedger({ folder: orxPaths({ ORX_HOME: home }).data, name: 'ledger-sandbox' });
  ledger.import(entries);
  for (const budget of budgets) ledger.setBudget(budget);
  ledger.close();
  return home;
}

/** Returns some weeks of work on three models of the sandbox, before `now`. */
export function someUsage(now: number): LedgerEntry[] {
  const models = [
    { servedModel: 'anthropic/claude-sonnet-4.6', provider: 'Anthropic', price: 3, speed: 70 },
    { servedModel: 'deepseek/deepseek-chat', provider: 'Novita', price: 1, speed: 60 },
    { servedModel: 'openai/gpt-4o-mini', provider: 'OpenAI', price: 2, speed: 90 },
  ];
  return Array.from({ length: 120 }, (_, index) => {
    const { price, speed, ...model } = models[index % 3]!;
    const promptTokens = 2000 + index * 50;
    return makeEntry(now - Math.floor(index / 5) * DAY - 60_000, {
      ...model,
      requestedModel: model.servedModel,
      conversation: `conversation-${Math.floor(index / 30)}`,
      project: index % 2 === 0 ? '/srv/ada/work/orx' : '/srv/ada/other',
      outcome: index % 20 === 19 ? 'failed' : index % 30 === 29 ? 'stopped' : 'complete',
      promptTokens,
      cachedTokens: Math.floor(promptTokens / 4),
      cacheWriteTokens: 0,
      completionTokens: 300,
      reasoningTokens: 0,
      cost: `0.${String(price * (100 + index)).padStart(5, '0')}`,
      costSource: index % 40 === 39 ? 'estimated' : 'billed',
      timeToFirstTokenMs: 300 + (index % 7) * 50,
      durationMs: 1500 + (index % 11) * 300,
      throughput: speed,
    });
  });
}
