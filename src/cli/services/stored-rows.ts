import type { TabCandidate } from '../../core/tab-completion/outline.ts';
import { environmentLayer, fileLayer, findSetting, flagLayer } from '../../core/settings/layers.ts';
import { selectedProfileLayer } from '../../core/settings/profiles.ts';
import { SANDBOX } from '../../core/settings/sandbox.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { readTitles } from '../../storage/conversations/completion-rows.ts';
import { readRecordedIds, readBudgetRows } from '../../storage/ledger/completion-rows.ts';
import { orxPaths } from '../../storage/paths.ts';
import { readSettingsFile } from '../../storage/settings-file.ts';
import { connectionFlags } from '../connection-flags.ts';
import { orEmpty } from './or-empty.ts';

/** The location of the databases, and the prefix of the requested ids. */
interface StoredPlace {
  folder: string;
  isSandbox: boolean;
  typed: string;
}

/**
 * Returns candidates from the ledger and the history. SQLite takes so long to load that this reads only one setting: the one that
 * decides which database applies.
 */
export function storedRows(
  kind: 'budget' | 'conversation' | 'recorded-conversation',
  words: readonly string[],
  typed: string,
): readonly TabCandidate[] {
  const paths = orxPaths(process.env);
  const place = { folder: paths.data, isSandbox: isSandbox(words, readSettingsFile(paths)), typed };
  if (kind === 'budget') return budgets(place);
  const stored = conversations(place);
  if (kind === 'conversation') return stored;
  // The ledger stores no text: its conversations have titles only if the history stores them too.
  const titles = new Map(stored.map(({ value, about }) => [value, about]));
  return orEmpty(() => readRecordedIds(ledgerAt(place))).map((value) => ({ value, about: titles.get(value) ?? 'conversation' }));
}

function budgets(place: StoredPlace): readonly TabCandidate[] {
  return orEmpty(() => readBudgetRows(ledgerAt(place))).map(({ id, period, limit }) => ({
    value: String(id),
    about: `${limit} USD, ${period}`,
  }));
}

function conversations({ folder, isSandbox, typed }: StoredPlace): readonly TabCandidate[] {
  const name = isSandbox ? 'conversations-sandbox' : 'conversations';
  return orEmpty(() => readTitles({ folder, name }, typed)).map(({ id, title }) => ({ value: id, about: visibleLine(title) }));
}

function ledgerAt({ folder, isSandbox }: StoredPlace): { folder: string; name: string } {
  return { folder, name: isSandbox ? 'ledger-sandbox' : 'ledger' };
}

function isSandbox(words: readonly string[], file: Readonly<Record<string, unknown>>): boolean {
  const { env } = process;
  const flags = connectionFlags(words);
  const layers = [flagLayer(flags), environmentLayer(env), selectedProfileLayer(flags, env, file), fileLayer(file)];
  const match = findSetting('sandbox', SANDBOX, layers);
  return ('parse' in match ? match.parse() : match.value) === true;
}
