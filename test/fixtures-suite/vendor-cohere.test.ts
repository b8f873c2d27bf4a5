import { describe, expect, test } from 'vitest';
import { OrxError, shellHint } from '../../src/errors.ts';
import { hasRecordings } from '../support/recordings.ts';
import { cohereExpected } from '../support/vendor-oracles/cohere.ts';
import { readingOf, replayVendor, vendorRecordings, vendorRefusals } from '../support/vendor-recordings.ts';

const NAMES = /^(cohere--|ruby_llm--cohere-)/;
const recordings = vendorRecordings(NAMES);
const refusals = vendorRefusals(NAMES);

describe.skipIf(!hasRecordings('vendor-streams'))('every recorded stream of Cohere', () => {
  test('there are recordings', () => expect(recordings.length).toBe(8));

  test.each(recordings)('$name', async ({ body, events }) => {
    for (const seed of [3, 17]) {
      const replayed = await replayVendor('cohere', { body }, { seed });
      expect(replayed.error).toBeUndefined();
      expect(readingOf(replayed)).toEqual(cohereExpected(events));
      expect(replayed.events.filter(({ type }) => type === 'response-start')).toEqual([
        { type: 'response-start', id: events[0].id, model: 'cohere:the-model', provider: 'Cohere' },
      ]);
      const usage = replayed.events.find((event) => event.type === 'usage')?.usage;
      expect(usage?.wire).toMatchObject({ native_usage: events.at(-1).delta.usage });
    }
  });

  test.each(recordings)('$name has all citations', async ({ body, events }) => {
    const { events: told } = await replayVendor('cohere', { body });
    expect(told.flatMap((event) => (event.type === 'annotation' ? event.annotation : []))).toEqual(
      events
        .filter(({ type }) => type === 'citation-start')
        .map(({ delta }) => ({ kind: 'other', apiData: { cohere: delta.message.citations } })),
    );
  });

  test.each(recordings)('$name, cut before its end, is not an answer', async ({ body }) => {
    const { error } = await replayVendor('cohere', { body: body.subarray(0, body.indexOf('"message-end"')) });
    expect(error).toMatchObject({ kind: 'network', code: 'stream-cut' });
  });
});

describe.skipIf(!hasRecordings('vendor-errors'))('every recorded error of Cohere', () => {
  test.each(refusals)('$name', async ({ body, status, name }) => {
    const { error, events } = await replayVendor('cohere', { body, status });
    const wire = JSON.parse(body.toString());
    expect(events).toEqual([]);
    expect(error).toBeInstanceOf(OrxError);
    expect(error).toMatchObject({
      message: expect.stringContaining(wire.message) as string,
      kind: name.includes('auth-error') ? 'authentication' : 'usage',
      status,
      requestId: wire.id,
      code: wire.error_type,
    });
    const hint = name.includes('context-length') ? /^shorten the prompt/ : /COHERE_API_KEY/;
    expect((error as OrxError).hints.map(shellHint).join('\n')).toMatch(hint);
  });
});
