/** A stream event of Anthropic's Messages API. */
export interface MessageEvent {
  type: string;
  [field: string]: unknown;
}

/** A block of the answer at its start. */
export type StartedBlock = Readonly<Record<string, unknown>>;
