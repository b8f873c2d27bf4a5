import { isDirect } from '../../apis/direct-id.ts';
import { nearestWord } from '../text/near-names.ts';
import { OrxError } from '../../errors.ts';
import type { RoutingTable, Strategy, Target, TargetGroup } from './target.ts';

/** Suffixes that choose the order of targets, as on OpenRouter. */
const SORTS: Readonly<Record<string, Strategy>> = { nitro: 'throughput', floor: 'cost' };
const SORT_SUFFIX = /:(nitro|floor)$/i;
const MOST_ALIASES = 10;

export interface ResolvedName {
  group: TargetGroup;
  /** The order that `:nitro` or `:floor` requests. */
  sort?: Strategy | undefined;
  /** The name is not in the configuration: the group was created for it. */
  isUnlisted: boolean;
}

/** Returns the group for a name: one of the configuration, one whose `*` matches, or one for a model id. Undefined if the name is not served. */
export function resolveName(asked: string, table: RoutingTable): ResolvedName | undefined {
  const name = withoutAlias(asked, table);
  const group = table.groups.get(name);
  if (group !== undefined) return { group, isUnlisted: false };
  const [, suffix] = SORT_SUFFIX.exec(name) ?? [];
  const plain = suffix === undefined ? name : withoutAlias(name.slice(0, -suffix.length - 1), table);
  const sort = suffix === undefined ? undefined : SORTS[suffix.toLowerCase()];
  const listed = table.groups.get(plain) ?? matchPattern(plain, table);
  if (listed !== undefined) return { group: listed, sort, isUnlisted: false };
  if (!table.servesUnlisted || (table.lacksOpenRouter === true && !isDirect(name))) return undefined;
  // OpenRouter knows its own variants; they are not part of a vendor's model name.
  return {
    group: unlistedGroup(isDirect(name) ? plain : name, table),
    sort: isDirect(name) ? sort : undefined,
    isUnlisted: true,
  };
}

/** Returns whether a request for this name may go to a vendor, directly or as a fallback. */
export function asksVendor(name: string, table: RoutingTable): boolean {
  if (latest.name !== name || latest.table !== table) latest = { name, table, asks: mayAskVendor(name, table) };
  return latest.asks;
}

/** Requests follow each other for the same model. */
let latest: { name: string; table: RoutingTable | undefined; asks: boolean } = { name: '', table: undefined, asks: false };

function mayAskVendor(name: string, table: RoutingTable): boolean {
  const asksOne = (one: string): boolean => resolveName(one, table)?.group.targets.some(({ model }) => isDirect(model)) === true;
  const { fallbacks = [], contextFallbacks = [], policyFallbacks = [] } = resolveName(name, table)?.group ?? {};
  return asksOne(name) || [...fallbacks, ...contextFallbacks, ...policyFallbacks].some(asksOne);
}

/** Returns the error for a name that is not served. */
export function unknownName(name: string, table: RoutingTable): OrxError {
  const names = [...table.groups.keys(), ...table.aliases.keys()];
  const near = nearestWord(name, names);
  return new OrxError(`unknown model ${name}`, {
    kind: 'no-endpoint',
    code: 'not_found',
    status: 404,
    hints: [near === undefined ? 'list the models: GET /v1/models' : `did you mean ${near}?`],
  });
}

/** Joins consecutive models that OpenRouter routes into one request: OpenRouter tries them itself. */
export function joinRouted(names: readonly ResolvedName[]): ResolvedName[] {
  const joined: ResolvedName[] = [];
  for (const one of names) {
    const last = joined.at(-1);
    const [target] = one.group.targets;
    const before = last?.group.targets[0];
    const isRow =
      last?.isUnlisted === true && one.isUnlisted && before !== undefined && !isDirect(before.model) && !isDirect(target!.model);
    if (!isRow) {
      joined.push(one);
      continue;
    }
    const row: Target = { ...before, fallbackModels: [...(before.fallbackModels ?? []), target!.model] };
    joined[joined.length - 1] = { ...last!, group: { ...last!.group, targets: [row] } };
  }
  return joined;
}

function withoutAlias(asked: string, { groups, aliases }: RoutingTable): string {
  let name = asked;
  // Resolves aliases of aliases. A cycle ends after this many steps and matches nothing.
  for (let step = 0; step < MOST_ALIASES && !groups.has(name); step += 1) {
    const next = aliases.get(name);
    if (next === undefined) break;
    name = next;
  }
  return name;
}

function unlistedGroup(name: string, table: RoutingTable): TargetGroup {
  const target: Target = { id: name, model: name, weight: 1, order: 0, limits: table.limits, rates: {}, facts: {} };
  return { name, targets: [target], strategy: 'order', fallbacks: [] };
}

/** Returns the group of the first pattern that matches; the text matched by `*` replaces the `*` in the models of its targets. */
function matchPattern(name: string, { patterns }: RoutingTable): TargetGroup | undefined {
  for (const group of patterns) {
    const star = group.name.indexOf('*');
    const [head, tail] = [group.name.slice(0, star), group.name.slice(star + 1)];
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) continue;
    const rest = name.slice(head.length, name.length - tail.length);
    if (rest === '') continue;
    const targets = group.targets.map((target) => ({
      ...target,
      id: `${target.id} ${rest}`,
      model: target.model.replace('*', () => rest),
    }));
    return { ...group, name, targets };
  }
  return undefined;
}
