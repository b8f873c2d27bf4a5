import type { ChatRequest } from '../../src/apis/completion.ts';
import type { RequestRecord } from '../../src/core/budget/request-record.ts';
import type { PipelineOptions } from '../../src/core/pipeline/pipeline.ts';

/** Returns the stage of a pipeline that tells a test's own record what becomes of each request. */
export function recordWith(openRecord: (request: ChatRequest) => Promise<RequestRecord>): PipelineOptions['record'] {
  return (stream) =>
    async function* recorded(request, options) {
      const entry = await openRecord(request);
      try {
        for await (const event of stream(request, options)) {
          entry.see(event);
          yield event;
        }
      } catch (error) {
        await entry.fail(error);
        throw error;
      } finally {
        await entry.leave();
      }
    };
}
