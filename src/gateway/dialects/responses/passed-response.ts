import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import { memberText, withMembers } from '../../../text/json-members.ts';
import type { FieldValues } from '../fields.ts';
import type { EncoderOptions, StreamPiece } from '../served-dialect.ts';
import { withFailureFields, withRouterMetadata } from '../with-router-metadata.ts';
import { responseCost } from './response-object.ts';

type Chunk = Extract<CompletionEvent, { type: 'chunk' }>;

const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete']);
const FAILURES: ReadonlySet<string> = new Set(['error', 'response.failed']);

/** Forwards a response of a vendor with this dialect unchanged, except for the cost and router metadata, which are added to the last event. */
export class PassedResponse {
  #held: { event: string; data: string } | undefined;
  /** Number of events so far: the sequence number of the next one. */
  count = 0;
  /** The vendor has reported a failure. */
  hasToldFailure = false;

  add({ data, event = typeOf(data) }: Chunk): readonly StreamPiece[] {
    this.count += 1;
    const before = this.#held === undefined ? [] : [this.#held];
    this.#held = undefined;
    if (FAILURES.has(event)) this.hasToldFailure = true;
    else if (!ENDS.has(event)) return [...before, { event, data }];
    this.#held = { event, data };
    return before;
  }

  /** Returns the vendor's report of the failure, which is kept until then, with more fields. */
  fail(more: FieldValues): readonly StreamPiece[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : [{ ...held, data: withFailureFields(held.data, more) }];
  }

  /** Adds the usage to the last event. Called after that event and before `end`. */
  addUsage(usage: Usage): void {
    const response = this.#held === undefined ? undefined : memberText(this.#held.data, 'response');
    if (this.#held === undefined || response === undefined) return;
    this.#held.data = withMembers(this.#held.data, { response: withCost(response, usage) });
  }

  /** Returns the last event, with router metadata if the client requests it. */
  end(options: Pick<EncoderOptions, 'routerMetadata'>): readonly StreamPiece[] {
    const held = this.#held;
    this.#held = undefined;
    const response = held === undefined ? undefined : memberText(held.data, 'response');
    if (held === undefined || response === undefined) return held === undefined ? [] : [held];
    return [{ ...held, data: withMembers(held.data, { response: withRouterMetadata(response, options) }) }];
  }
}

/** Returns a response as JSON text, with the cost added. */
export function withCost(response: string, usage: Usage): string {
  const counts = memberText(response, 'usage');
  if (counts === undefined || !counts.startsWith('{')) return response;
  const cost = Object.entries(responseCost(usage)).map(([name, value]) => [name, JSON.stringify(value)]);
  return withMembers(response, { usage: withMembers(counts, Object.fromEntries(cost)) });
}

function typeOf(data: string): string {
  try {
    const type: unknown = (JSON.parse(data) as { type?: unknown } | null)?.type;
    return typeof type === 'string' ? type : '';
  } catch {
    return '';
  }
}
