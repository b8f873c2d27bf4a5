/** A request that waits or runs, in the order in which they asked. */
interface LimitedRequest {
  id: string;
  /** The process that makes it. If that has ended, the request counts no more. */
  pid: number;
  /** When it started, or, if it waits, when it asks again, in milliseconds since 1970. */
  at: number;
  isRunning: boolean;
}

/** A limit of requests in a span of time, such as 20 per minute. */
export interface RequestRate {
  requests: number;
  windowMs: number;
}

/** What the processes of this machine know about the limits of one key and model. All times are milliseconds since 1970. */
export interface LimitState {
  /** When the server refused a request for its rate, most recently. */
  learnedAt: number;
  /** No request starts before. */
  until: number;
  rate?: RequestRate | undefined;
  /** Requests at once. Undefined: not limited. */
  concurrency?: number | undefined;
  /** What the last replies have left of a limit: these requests may start before this time. */
  left?: { requests: number; until: number } | undefined;
  /** When requests started within the window of the rate, in order. */
  sent: readonly number[];
  requests: readonly LimitedRequest[];
}

/** Who asks: the id of the request, and its process. */
export interface Asking {
  id: string;
  pid: number;
  now: number;
  isAlive: (pid: number) => boolean;
}

/** What a refusal for the rate says. */
export interface Refusal {
  /** Milliseconds since the refused request started. */
  ageMs: number;
  retryAfterMs: number | undefined;
  rate: RequestRate | undefined;
  /** Requests of this process to the model that run. As long as nothing is known, nobody else counts them. */
  running?: number | undefined;
}

const NOTHING_LEARNED: LimitState = { learnedAt: 0, until: 0, sent: [], requests: [] };

/** Without another refusal, a limit is forgotten after this time: the user may have another plan now. */
const KEPT_MS = 10 * 60 * 1000;
/** A longer wait is a quota, not a pace: waiting for it is up to the user. */
const LONGEST_PAUSE_MS = 5 * 60 * 1000;
/** A longer request counts as ended. */
const LONGEST_REQUEST_MS = 15 * 60 * 1000;
/** A request that waits and does not ask in time loses its place: its process may be stopped. */
const LATE_MS = 2000;
/** A higher rate is not worth a list of times. */
const MOST_REQUESTS = 500;
const LONGEST_WINDOW_MS = 60 * 60 * 1000;
/** From here on, concurrency counts as unlimited. */
const MOST_CONCURRENCY = 64;
/** A refusal that extends a pause by less than this says nothing new. */
const NEW_PAUSE_MS = 100;
/** How long to wait before looking again for the end of another process's request. */
const LOOK_AGAIN_MS = 100;
/** Requests arrive at a server less regularly than they are sent. */
const WINDOW_MARGIN = 1.02;
const WINDOW_MARGIN_MS = 30;
const FIRST_PAUSE_MS = 500;

/** Returns the state without what is over, or undefined if nothing is left that limits a request. */
export function currentState(state: LimitState, now: number, isAlive: Asking['isAlive']): LimitState | undefined {
  // After a clock was set back, times are in the future.
  const isOver = now - state.learnedAt > KEPT_MS || state.learnedAt > now + KEPT_MS;
  const { left } = state;
  const hasLeft = left !== undefined && now < left.until && left.until <= now + LONGEST_PAUSE_MS;
  if (isOver && !hasLeft) return undefined;
  const { rate, concurrency, until, learnedAt } = isOver ? NOTHING_LEARNED : state;
  const windowMs = rate === undefined ? 0 : windowOf(rate);
  return {
    learnedAt,
    until: until > now + LONGEST_PAUSE_MS ? 0 : until,
    ...(rate !== undefined && { rate }),
    ...(concurrency !== undefined && { concurrency }),
    ...(hasLeft && { left }),
    sent: state.sent.filter((at) => at > now - windowMs && at <= now + windowMs),
    requests: state.requests.filter((request) => isThere(request, now) && isAlive(request.pid)),
  };
}

function isThere({ at, isRunning }: LimitedRequest, now: number): boolean {
  return isRunning ? Math.abs(now - at) < LONGEST_REQUEST_MS : now < at + LATE_MS && at <= now + LONGEST_PAUSE_MS;
}

/**
 * Returns whether a request may start now (`waitMs` 0), or how long to wait before asking again, and the new state. Requests start in the order
 * in which they asked first, so that none waits forever.
 */
export function admit(state: LimitState, { id, pid, now, isAlive }: Asking): { state: LimitState; waitMs: number } {
  const current = currentState(state, now, isAlive);
  if (current === undefined) return { state: { ...state, requests: [] }, waitMs: 0 };
  const isKnown = current.requests.some((request) => request.id === id);
  const requests = isKnown ? current.requests : [...current.requests, { id, pid, at: now, isRunning: false }];
  const next: LimitState = { ...current, requests };
  const before = requests.filter(({ isRunning }) => !isRunning).findIndex((request) => request.id === id);
  const running = requests.length - requests.filter(({ isRunning }) => !isRunning).length;
  const waits = [now < current.until ? current.until - now : 0, rateWait(current, before, now), leftWait(current, before, now)];
  if (current.concurrency !== undefined && running + before >= Math.max(1, Math.floor(current.concurrency)))
    waits.push(LOOK_AGAIN_MS);
  const waitMs = Math.max(...waits);
  if (waitMs > 0) return { state: withRequest(next, id, { at: now + waitMs }), waitMs };
  const sent = current.rate === undefined ? [] : [...current.sent, now];
  const left = current.left && { ...current.left, requests: Math.max(0, current.left.requests - 1) };
  return { state: withRequest({ ...next, sent, ...(left && { left }) }, id, { at: now, isRunning: true }), waitMs: 0 };
}

function withRequest(state: LimitState, id: string, change: Partial<LimitedRequest>): LimitState {
  return { ...state, requests: state.requests.map((request) => (request.id === id ? { ...request, ...change } : request)) };
}

/**
 * Returns how long a request would have to wait that asked after all that wait and after `ahead` others; 0: it could start. `state` is current. The
 * end of running requests is not known: for them it is the time after which to look again.
 */
export function expectedWait(state: LimitState, ahead: number, now: number): number {
  const { until, rate, concurrency, sent, requests } = state;
  const running = requests.filter(({ isRunning }) => isRunning).length;
  const before = requests.length - running + ahead;
  const waits = [Math.max(0, until - now), leftWait(state, before, now)];
  if (rate !== undefined && sent.length + before >= rate.requests) {
    // Each request starts when the one that is `requests` places before it in the list has left the window.
    const windows = Math.floor(before / rate.requests) + 1;
    const first = sent[sent.length + before - windows * rate.requests];
    waits.push(first === undefined ? (windows - 1) * windowOf(rate) : first + windows * windowOf(rate) - now);
  }
  if (concurrency !== undefined && running + before >= Math.max(1, Math.floor(concurrency))) waits.push(LOOK_AGAIN_MS);
  return Math.ceil(Math.max(...waits));
}

/** Returns the wait for the rate of a request that comes after `before` other ones. */
function rateWait({ rate, sent }: LimitState, before: number, now: number): number {
  if (rate === undefined || sent.length + before < rate.requests) return 0;
  const first = sent[Math.min(sent.length - 1, sent.length + before - rate.requests)];
  return first === undefined ? LOOK_AGAIN_MS : Math.max(1, Math.ceil(first + windowOf(rate) - now));
}

/** Returns the wait of a request that comes after `before` other ones, if the server has said that fewer are left. */
function leftWait({ left }: LimitState, before: number, now: number): number {
  return left !== undefined && before >= left.requests ? Math.max(0, left.until - now) : 0;
}

function windowOf({ windowMs }: RequestRate): number {
  return windowMs * WINDOW_MARGIN + WINDOW_MARGIN_MS;
}

/** Returns the state after a request has ended, for whatever reason. */
export function withoutRequest(state: LimitState, id: string): LimitState {
  return { ...state, requests: state.requests.filter((request) => request.id !== id) };
}

/**
 * Returns whether a refusal says more than what is known: it followed the last one, states another rate, or a longer pause. A request that was sent
 * before the last refusal says nothing about what followed from it.
 */
export function isNews(state: LimitState, { ageMs, retryAfterMs, rate }: Refusal, now: number): boolean {
  if (now - ageMs >= state.learnedAt) return true;
  if (isUseful(rate) && (rate.requests !== state.rate?.requests || rate.windowMs !== state.rate.windowMs)) return true;
  return retryAfterMs !== undefined && retryAfterMs <= LONGEST_PAUSE_MS && now + retryAfterMs > state.until + NEW_PAUSE_MS;
}

/** Returns the state after the server refused a request for its rate. `before`: the state so far, if anything was known. */
export function afterRefusal(before: LimitState | undefined, refusal: Refusal, now: number): LimitState {
  const { ageMs, retryAfterMs, rate } = refusal;
  const state = before ?? NOTHING_LEARNED;
  const known = isUseful(rate) ? rate : state.rate;
  const isLater = now - ageMs >= state.learnedAt;
  const pauseMs = retryAfterMs ?? FIRST_PAUSE_MS;
  const counted = state.requests.filter(({ isRunning }) => isRunning).length;
  const running = Math.max(counted, refusal.running ?? 0);
  const halved = Math.max(1, Math.min(state.concurrency ?? running, running) / 2);
  return {
    ...state,
    learnedAt: now,
    until: pauseMs > LONGEST_PAUSE_MS ? state.until : Math.max(state.until, now + pauseMs),
    ...(known !== undefined && { rate: known }),
    // A rate that the server states is the better limit.
    ...(isLater && known === undefined && { concurrency: halved }),
  };
}

function isUseful(rate: RequestRate | undefined): rate is RequestRate {
  return rate !== undefined && rate.requests >= 1 && rate.requests <= MOST_REQUESTS && rate.windowMs <= LONGEST_WINDOW_MS;
}

/** What a successful reply leaves of a limit: a number of requests within this time. */
export interface Headroom {
  requests: number;
  /** In milliseconds. */
  forMs: number;
}

/** Returns whether a reply leaves fewer requests, or for longer, than what is known. */
export function isLess({ left }: LimitState, { requests, forMs }: Headroom, now: number): boolean {
  return left === undefined || requests < left.requests || now + forMs > left.until + NEW_PAUSE_MS;
}

/** Returns the state after a reply that leaves few requests. Replies that come later may say what was true earlier. */
export function afterHeadroom(before: LimitState | undefined, { requests, forMs }: Headroom, now: number): LimitState {
  const state = before ?? NOTHING_LEARNED;
  const until = now + Math.min(forMs, LONGEST_PAUSE_MS);
  const { left = { requests, until } } = state;
  return { ...state, left: { requests: Math.min(requests, left.requests), until: Math.max(until, left.until) } };
}

/** Returns the state after an answer: one more request at once for each round of answers. */
export function afterAnswer(state: LimitState): LimitState {
  const { concurrency } = state;
  if (concurrency === undefined) return state;
  const more = concurrency + 1 / concurrency;
  return { ...state, concurrency: more >= MOST_CONCURRENCY ? undefined : more };
}

/** Returns a stored state; undefined if it is not one. */
export function readLimitState(value: unknown): LimitState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { learnedAt, until, rate, concurrency, left, sent, requests } = value as Record<string, unknown>;
  if (!isTime(learnedAt) || !isTime(until) || !Array.isArray(sent) || !sent.every(isTime)) return undefined;
  if (!Array.isArray(requests) || !requests.every(isRequest)) return undefined;
  if (concurrency !== undefined && (!isTime(concurrency) || concurrency < 1)) return undefined;
  if (rate !== undefined && !isRate(rate)) return undefined;
  if (left !== undefined && !isLeft(left)) return undefined;
  return {
    learnedAt,
    until,
    sent,
    requests,
    ...(rate !== undefined && { rate }),
    ...(concurrency !== undefined && { concurrency }),
    ...(left !== undefined && { left }),
  };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRequest(value: unknown): value is LimitedRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { id, pid, at, isRunning } = value as Record<string, unknown>;
  return typeof id === 'string' && Number.isSafeInteger(pid) && isTime(at) && typeof isRunning === 'boolean';
}

function isRate(value: unknown): value is RequestRate {
  if (typeof value !== 'object' || value === null) return false;
  const { requests, windowMs } = value as Record<string, unknown>;
  return isTime(requests) && isTime(windowMs) && windowMs > 0 && isUseful({ requests, windowMs });
}

function isLeft(value: unknown): value is NonNullable<LimitState['left']> {
  if (typeof value !== 'object' || value === null) return false;
  const { requests, until } = value as Record<string, unknown>;
  return isTime(requests) && isTime(until);
}
