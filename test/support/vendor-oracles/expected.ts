/** What an independent reading of a recording says that the answer holds. */
export interface Expected {
  /** All of the answer's text. */
  text: string;
  /** All of its reasoning that can be read. */
  reasoning: string;
  /** In the order in which they start; `arguments` as JSON text. */
  calls: readonly { name: string; arguments: string }[];
  /** `prompt` includes cache reads and writes, `completion` includes reasoning. Absent: the recording states none. */
  usage?: { prompt: number; completion: number; total: number } | undefined;
  /** `stop length tool_calls content_filter`. Absent: the recording states none. */
  finishReason?: string | undefined;
  /** The recording ends with this failure. */
  error?: { status?: number | undefined; message?: string | undefined } | undefined;
}
