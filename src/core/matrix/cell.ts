import type { ChatRequest } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import { requestFrame, type RequestOverrides, requestWith } from '../request/chat-request.ts';
import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import { requestHashes } from './requests/request-hash.ts';

/** One column of a matrix: what answers all cases. */
export interface MatrixLane {
  /** Unique in the run. */
  name: string;
  /** The requested model. */
  model: string;
  settings: RequestSettings & RoutingSettings;
  overrides: RequestOverrides;
  /** The address of the API, which is part of the hash of each request. */
  address: string;
  /** Lanes of one connection share its limits. */
  connection: string;
  /** Returns whether this lane answers a case. */
  takes: (testCase: TestCase) => boolean;
}

/** One case in one lane, in one repetition (from 1). */
export interface MatrixCell {
  testCase: TestCase;
  /** Index of the lane. */
  lane: number;
  repetition: number;
}

/** Returns the number of requests of a cell: a case with several questions asks them in sequence. */
export function turnCount({ testCase }: Pick<MatrixCell, 'testCase'>): number {
  return 1 + testCase.followUps.length;
}

/** What all requests of a lane have in common, and how their keys are made. */
interface LaneFrame {
  request: ChatRequest;
  keyOf: ReturnType<typeof requestHashes>;
  /** The keys of the first requests of cases, by repetition. */
  firstKeys: WeakMap<TestCase, string[]>;
}

/** Thousands of cells need several requests and keys each, so this is made once for each lane. */
const frames = new WeakMap<MatrixLane, LaneFrame>();

function frameOf(lane: MatrixLane): LaneFrame {
  const known = frames.get(lane);
  if (known !== undefined) return known;
  const request = requestFrame(lane.settings, { model: lane.model, ...lane.overrides });
  const frame = { request, keyOf: requestHashes(request, lane.address), firstKeys: new WeakMap() };
  frames.set(lane, frame);
  return frame;
}

/** Returns the request that follows these answers of the cell. */
export function turnRequest(testCase: TestCase, lane: MatrixLane, answers: readonly Pick<AnswerRecord, 'text'>[]): ChatRequest {
  const messages: Message[] = testCase.prompt.map(({ role, text }) => ({ role, content: text }));
  for (const [turn, { text }] of answers.entries())
    messages.push({ role: 'assistant', content: text }, { role: 'user', content: testCase.followUps[turn]! });
  return requestWith(messages, frameOf(lane).request);
}

/** Returns the key of a request of this lane in the journal: that of `requestHash`. */
export function turnKey({ messages }: Pick<ChatRequest, 'messages'>, lane: MatrixLane, repetition: number): string {
  return frameOf(lane).keyOf(messages, repetition);
}

/**
 * Returns the key of the request that follows these answers of a cell. Quoting, asking and reporting need that of the first request, which is
 * computed once for each case that stays in memory.
 */
export function nextKey(
  { testCase, repetition }: Pick<MatrixCell, 'testCase' | 'repetition'>,
  lane: MatrixLane,
  answers: readonly Pick<AnswerRecord, 'text'>[],
): string {
  if (answers.length > 0) return turnKey(turnRequest(testCase, lane, answers), lane, repetition);
  const { firstKeys } = frameOf(lane);
  let keys = firstKeys.get(testCase);
  if (keys === undefined) firstKeys.set(testCase, (keys = []));
  return (keys[repetition] ??= turnKey(turnRequest(testCase, lane, []), lane, repetition));
}

/** Which cells a run has. */
export interface MatrixPlan {
  /** Reads the cases that were selected, in the order of the file. */
  cases: () => AsyncIterable<TestCase>;
  lanes: readonly MatrixLane[];
  repetitions: number;
}

/** Yields all cells: case by case, repetition by repetition, lane by lane. With `connection`, only those of its lanes. */
export async function* matrixCells({ cases, lanes, repetitions }: MatrixPlan, connection?: string): AsyncGenerator<MatrixCell> {
  const own = [...lanes.entries()].filter(([, lane]) => connection === undefined || lane.connection === connection);
  for await (const testCase of cases()) {
    const asked = own.filter(([, lane]) => lane.takes(testCase));
    for (let repetition = 1; repetition <= repetitions; repetition += 1)
      for (const [lane] of asked) yield { testCase, lane, repetition };
  }
}
