import type { Model } from '../../apis/catalogue.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { decimal, type Decimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import { balance } from './balance.ts';
import { filterByTags, readsTags, tagFilterOf } from './filter-tags.ts';
import { type Exclusion, filterTargets, needsModels } from './filter-targets.ts';
import type { LimitQueue, SharedAttempt } from './limit-queue.ts';
import { joinRouted, resolveName, type ResolvedName, unknownName } from './resolve-groups.ts';
import { NO_TABLE, type RoutingTable, type Strategy, type Target, type TargetGroup } from './target.ts';
import { type TargetAttempt, TargetState, type TargetStatus } from './target-state.ts';

export interface RouterOptions {
  /** Monotonic, in milliseconds. */
  monotonic: () => number;
  /** From 0 to 1. */
  random: () => number;
  /** Returns what is known of a model, by its id. Never rejects. */
  findModel: (name: string) => Model | undefined | Promise<Model | undefined>;
  /** Returns the requests for a model that share its limits with other processes; undefined: it has none. */
  limitOf?: ((model: string) => LimitQueue | undefined) | undefined;
}

/** The targets of one name, in the order in which they are tried. */
export interface PlannedGroup {
  group: TargetGroup;
  targets: readonly Target[];
}

/** The targets that may answer a request. */
export interface RoutePlan {
  table: RoutingTable;
  groups: readonly PlannedGroup[];
  /** The requested group, even if none of its targets remains. */
  first: TargetGroup;
  /** Returns the planned targets of other names, for a configured fallback of a special case. */
  also: (names: readonly string[]) => readonly PlannedGroup[];
}

/** Most states of unlisted targets. Clients choose these names, so the oldest states are removed. */
const MOST_UNLISTED = 2000;
const SORTS: Readonly<Record<string, Strategy>> = { price: 'cost', latency: 'latency', throughput: 'throughput' };

/** Keeps the targets of a configuration and their states. It chooses targets; core/routing/route.ts sends the requests. */
export class Router {
  #table: RoutingTable;
  readonly #options: RouterOptions;
  readonly #states = new Map<string, { target: Target; state: TargetState }>();
  #listed: ReadonlySet<string> = new Set();
  /** The plans of requests without preferences, by their model. */
  readonly #plain = new Map<string, RoutePlan>();
  #readsTags = false;

  constructor(options: RouterOptions, table: RoutingTable = NO_TABLE) {
    this.#options = options;
    this.#table = table;
    this.update(table);
  }

  get table(): RoutingTable {
    return this.#table;
  }

  /** Whether the tags of a request can change where it goes. */
  get readsTags(): boolean {
    return this.#readsTags;
  }

  /** Replaces the configuration. Requests in progress continue with the old one; a target that stays keeps its state. */
  update(table: RoutingTable): void {
    this.#table = table;
    this.#plain.clear();
    this.#readsTags = readsTags(table);
    const targets = [...table.groups.values()].flatMap((group) => group.targets);
    const before = this.#listed;
    this.#listed = new Set(targets.map(({ id }) => id));
    for (const id of before) if (!this.#listed.has(id)) this.#states.delete(id);
    for (const target of targets) this.#states.set(target.id, { target, state: this.stateOf(target) });
  }

  /** Returns the current status of the configured targets and of those that got requests. */
  statuses(): readonly TargetStatus[] {
    const now = this.#options.monotonic();
    return [...this.#states.values()].map(({ target, state }) => state.status(target, now));
  }

  /** Returns the current status of one target; does not store anything for one without requests. */
  statusOf(target: Target): TargetStatus {
    const state = this.#states.get(target.id)?.state ?? this.#newState(target.id);
    return state.status(target, this.#options.monotonic());
  }

  /** Returns whether a target is in the configuration. Clients choose the names of the others. */
  isListed({ id }: Pick<Target, 'id'>): boolean {
    return this.#listed.has(id);
  }

  stateOf(target: Target): TargetState {
    const known = this.#states.get(target.id);
    if (known !== undefined) {
      known.target = target;
      return known.state;
    }
    const state = this.#newState(target.id);
    this.#states.set(target.id, { target, state });
    if (this.#states.size > MOST_UNLISTED + this.#listed.size) this.#forgetOldest();
    return state;
  }

  /** Starts an attempt. `shared` comes from the target's limit. */
  begin(target: Target, shared?: SharedAttempt): TargetAttempt {
    return this.stateOf(target).begin(target, this.#options.monotonic, shared);
  }

  /** Returns the limit that the target's model shares with other processes. */
  limitOf({ model }: Pick<Target, 'model'>): LimitQueue | undefined {
    return this.#options.limitOf?.(model);
  }

  /**
   * Returns the targets that may answer a request, in order. Throws kind `no-endpoint`, status 404, for a name that is not served, and if the
   * preferences or `tags` of the request leave no target: the message says which one excluded which target.
   */
  async plan(request: ChatRequest, tags: readonly string[] = []): Promise<RoutePlan> {
    const plan = this.#plain.get(request.model);
    if (plan !== undefined && isPlain(request)) return plan;
    // The plan keeps the request that it was made for, so a plan that stays gets one without content.
    const made = await this.#makePlan(
      isPlain(request) ? { model: request.model, messages: [], stream: request.stream } : request,
      tags,
    );
    // With one target for each name and no preferences, neither the request nor the state of a target changes the plan.
    if (isPlain(request) && !this.#readsTags && made.table === this.#table && made.groups.every(hasOneTarget)) {
      if (this.#plain.size >= MOST_UNLISTED) this.#plain.clear();
      this.#plain.set(request.model, made);
    }
    return made;
  }

  async #makePlan(request: ChatRequest, tags: readonly string[]): Promise<RoutePlan> {
    const table = this.#table;
    const asked = request.fallbackModels ?? [];
    const named = resolveName(request.model, table);
    // Without OpenRouter, a model of a vendor answers that the request names beside one of OpenRouter.
    if (named === undefined && table.lacksOpenRouter !== true) throw unknownName(request.model, table);
    const others = this.#known(asked.length > 0 ? asked : (named?.group.fallbacks ?? []), table);
    const [first, ...rest] = named === undefined ? others : [named, ...others];
    if (first === undefined) throw unknownName(request.model, table);
    const resolved = joinRouted([first, ...rest]);
    const models = await this.#models(request, resolved);
    const excluded: Exclusion[] = [];
    const plan = (one: ResolvedName): PlannedGroup => {
      return withTags(this.#planGroup(one, request, models, excluded), tags, table, excluded);
    };
    const groups = resolved.map(plan).filter(({ targets }) => targets.length > 0);
    if (groups.length === 0) throw nothingLeft(request.model, excluded);
    return { table, groups, first: first.group, also: (more) => this.#known(more, table).map(plan) };
  }

  #newState(id: string): TargetState {
    return new TargetState(() => this.#states.get(id)?.target.cooldown ?? this.#table.cooldown);
  }

  #known(names: readonly string[], table: RoutingTable): ResolvedName[] {
    return names.flatMap((name) => resolveName(name, table) ?? []);
  }

  #planGroup(
    { group, sort }: ResolvedName,
    request: ChatRequest,
    models: ReadonlyMap<string, Model>,
    excluded: Exclusion[],
  ): PlannedGroup {
    const asked = sort ?? SORTS[request.routing?.sort ?? ''];
    const facts = {
      stateOf: (target: Target) => this.stateOf(target),
      costOf: (target: Target) => typicalCost(models.get(target.model)),
      random: this.#options.random,
      now: this.#options.monotonic(),
    };
    // An explicit sort overrides the tiers.
    const pool = asked === undefined ? group.targets : group.targets.map((target) => ({ ...target, order: 0 }));
    const ordered = balance(pool, asked ?? group.strategy, facts);
    const result = filterTargets(ordered, request, ({ model }) => models.get(model));
    excluded.push(...result.excluded);
    return { group, targets: result.kept };
  }

  /** Returns facts about models, if the request or a strategy needs them. */
  async #models(request: ChatRequest, names: readonly ResolvedName[]): Promise<ReadonlyMap<string, Model>> {
    const found = new Map<string, Model>();
    const wanted = names.filter(
      ({ group, sort }) => needsModels(request) || sort === 'cost' || (group.strategy === 'cost' && group.targets.length > 1),
    );
    const ids = [...new Set(wanted.flatMap(({ group }) => group.targets.map(({ model }) => model)))];
    await Promise.all(
      ids.map(async (id) => {
        const model = await this.#options.findModel(id);
        if (model !== undefined) found.set(id, model);
      }),
    );
    return found;
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#states) {
      if (this.#listed.has(id) || state.inFlight > 0) continue;
      this.#states.delete(id);
      return;
    }
  }
}

function withTags(
  { group, targets }: PlannedGroup,
  tags: readonly string[],
  table: RoutingTable,
  excluded: Exclusion[],
): PlannedGroup {
  const filter = tagFilterOf(group, table);
  if (filter === undefined) return { group, targets };
  const tagged = filterByTags(targets, tags, filter, table.tagPrefix);
  excluded.push(...tagged.excluded);
  return { group, targets: tagged.kept };
}

/** Returns whether nothing but its model determines the targets of a request. */
function isPlain({ fallbackModels = [], routing, wishes }: ChatRequest): boolean {
  return fallbackModels.length === 0 && routing === undefined && wishes === undefined;
}

function hasOneTarget({ group, targets }: PlannedGroup): boolean {
  return group.targets.length === 1 && targets.length === 1;
}

/** Assumes three input tokens for each output token. */
function typicalCost(model: Model | undefined): Decimal | undefined {
  const { prompt, completion } = model?.pricing ?? {};
  if (typeof prompt !== 'object' || typeof completion !== 'object') return undefined;
  return decimal(prompt).times(3).plus(completion);
}

function nothingLeft(name: string, excluded: readonly Exclusion[]): OrxError {
  const reasons = excluded.map(({ target, reason }) => `${target.id}: ${reason}`);
  return new OrxError(`no target of ${name} satisfies the request: ${reasons.join('; ')}`, {
    kind: 'no-endpoint',
    code: 'not_found',
    status: 404,
    wire: {
      message: `No endpoints found for ${name} that satisfy the request: ${reasons.join('; ')}`,
      code: 404,
      metadata: { error_type: 'not_found', excluded: excluded.map(({ target, reason }) => ({ target: target.id, reason })) },
    },
  });
}
