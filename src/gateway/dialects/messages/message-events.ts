/** An event of a stream of Anthropic's Messages API. */
export interface MessageEvent {
  type: string;
  [field: string]: unknown;
}

/** A block of the answer as it begins. */
export type StartedBlock = Readonly<Record<string, unknown>>;
