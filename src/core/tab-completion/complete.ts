import { findPlace, flagsOf, type CompletionPlace } from './find-place.ts';
import type { TabCandidate, FlagOutline, Outline, ValueKind, ValueOutline } from './outline.ts';

/** Returns candidates that depend on this machine. Called only if they are needed. */
export type ListCandidates = (kind: ValueKind, words: readonly string[], typed: string) => Promise<readonly TabCandidate[]>;

/** The words that can follow at the cursor, or that the shell should complete files or folders. */
export type TabCompletion =
  /** `areNumbers`: the words are only understandable with their descriptions. */
  { kind: 'words'; candidates: readonly TabCandidate[]; areNumbers?: boolean } | { kind: 'files' | 'folders' };

// Candidates may come from a catalogue, and completion must not run anything: a word that a shell, a terminal or a flag parser could interpret
// never becomes a candidate.
const HARMLESS = /^[\p{L}\p{N}_~@.:/+][\p{L}\p{N}_~@.:/+-]{0,199}$/u;
const NUMBERS: ReadonlySet<ValueKind> = new Set(['budget', 'conversation', 'recorded-conversation']);

/**
 * Completes `current`, the word at the cursor up to the cursor; `words` are the words before it (without `orx`). Candidates are whole words.
 * They begin with the typed text; if none does, they contain it directly after a slash.
 */
export async function complete(
  outline: Outline,
  words: readonly string[],
  current: string,
  list: ListCandidates,
): Promise<TabCompletion> {
  const place = findPlace(outline, words, current);
  const { program } = outline;
  if (place.isFlag) return { kind: 'words', candidates: flagCandidates(flagsOf(program, place.command), current) };
  const value = valueAt(outline, place);
  const { kind } = value;
  if (kind === 'file' || kind === 'folder') return { kind: `${kind}s` };
  if (value.orFile === true && place.typed.includes('/')) return { kind: 'files' };
  const names = place.isName ? place.command.commands.map(named) : [];
  const choices = (value.choices ?? []).map((choice) => ({ value: choice, about: '' }));
  const all = [...names, ...choices, ...(await known(outline, kind, list, words, place.typed))];
  const candidates = matching(all, place.typed).map(({ value, about }) => ({ value: place.fixed + value, about }));
  return { kind: 'words', candidates, ...(kind !== undefined && NUMBERS.has(kind) ? { areNumbers: true } : {}) };
}

function valueAt({ settings }: Outline, { value, before }: CompletionPlace): ValueOutline {
  if (value?.kind !== 'setting-value') return value ?? {};
  return settings.find(({ name }) => name === before[0]) ?? {};
}

async function known(
  { program, settings }: Outline,
  kind: ValueKind | undefined,
  list: ListCandidates,
  words: readonly string[],
  typed: string,
): Promise<readonly TabCandidate[]> {
  if (kind === undefined) return [];
  if (kind === 'command') return program.commands.map(named);
  if (kind === 'setting') return settings.map(named);
  return (await list(kind, words, typed)).filter(({ value }) => HARMLESS.test(value));
}

function matching(all: readonly TabCandidate[], typed: string): readonly TabCandidate[] {
  const first = all.filter(({ value }) => value.startsWith(typed));
  return first.length > 0 ? first : all.filter(({ value }) => value.includes(`/${typed}`));
}

/**
 * Returns the matching flags; short names only if just a dash was typed. Flags that help hides match only if no other flag does and at least
 * three characters were typed.
 */
function flagCandidates(flags: readonly FlagOutline[], typed: string): readonly TabCandidate[] {
  const matches = (isHidden: boolean): TabCandidate[] =>
    flags
      .filter((flag) => (flag.isHidden === true) === isHidden)
      .flatMap(({ names, about }) => names.map((value) => ({ value, about })))
      .filter(({ value }) => value.startsWith(typed));
  const shown = matches(false);
  const all = shown.length > 0 || typed.length < 3 ? shown : matches(true);
  return [...new Map(all.map((candidate) => [candidate.value, candidate])).values()];
}

function named({ name, about }: { name: string; about: string }): TabCandidate {
  return { value: name, about };
}
