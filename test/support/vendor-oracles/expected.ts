/** The content of a recorded answer according to an independent reader. */
export interface Expected {
  /** The whole text of the answer. */
  text: string;
  /** All reasoning in readable form. */
  reasoning: string;
  /** In the order in which they start; `arguments` is JSON text. */
  calls: readonly { name: string; arguments: string }[];
  /** `prompt` includes cache reads and writes, `completion` includes reasoning. Absent if the recording has none. */
  usage?: { prompt: number; completion: number; total: number } | undefined;
  /** `stop length tool_calls content_filter`. Absent if the recording has none. */
  finishReason?: string | undefined;
  /** The failure that the recording ends with. */
  error?: { status?: number | undefined; message?: string | undefined } | undefined;
}
