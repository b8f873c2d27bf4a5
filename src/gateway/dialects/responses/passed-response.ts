import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import { memberText, withMembers } from '../../../text/json-members.ts';
import type { StreamPiece } from '../served-dialect.ts';
import { responseCost } from './response-object.ts';

type Chunk = Extract<CompletionEvent, { type: 'chunk' }>;

const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete']);
const FAILURES: ReadonlySet<string> = new Set(['error', 'response.failed']);

/** A response that a vendor of this dialect writes: it goes to the client as it comes, but for the cost, which the last event of all tells. */
export class PassedResponse {
  #held: { event: string; data: string } | undefined;
  /** Events so far: the number of the next one. */
  count = 0;
  /** The client knows that the answer failed. */
  hasToldFailure = false;

  add({ data, event = typeOf(data) }: Chunk): readonly StreamPiece[] {
    this.count += 1;
    if (FAILURES.has(event)) this.hasToldFailure = true;
    if (!ENDS.has(event)) return [{ event, data }];
    this.#held = { event, data };
    return [];
  }

  /** Comes after the last event of the vendor, and before the end. */
  addUsage(usage: Usage): void {
    const response = this.#held === undefined ? undefined : memberText(this.#held.data, 'response');
    if (this.#held === undefined || response === undefined) return;
    this.#held.data = withMembers(this.#held.data, { response: withCost(response, usage) });
  }

  end(): readonly StreamPiece[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : [held];
  }
}

/** A response as JSON text, with what it cost. */
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
