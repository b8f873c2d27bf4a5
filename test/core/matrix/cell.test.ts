import { expect, test } from 'vitest';
import { type MatrixLane, nextKey, turnKey, turnRequest } from '../../../src/core/matrix/cell.ts';
import { requestHash } from '../../../src/core/matrix/requests/request-hash.ts';
import { chatRequest } from '../../../src/core/request/chat-request.ts';
import { testCase } from '../../support/matrix-report.ts';

function laneWith(settings: Readonly<Record<string, unknown>>): MatrixLane {
  return {
    name: 'm',
    model: 'a/m',
    settings: settings as never,
    overrides: { extra: { top: 1 } },
    address: 'https://x/v1',
    connection: 'x',
    takes: () => true,
  };
}

test('the key of a cell is the hash of its whole request', () => {
  const asked = testCase('1', {
    prompt: [
      { role: 'system', text: 'be brief' },
      { role: 'user', text: 'hi "you"\n' },
    ],
    followUps: ['and then?'],
  });
  for (const settings of [{}, { system: 'orx', temperature: 0.5, zdr: true }]) {
    const lane = laneWith(settings);
    const [first, second] = [turnRequest(asked, lane, []), turnRequest(asked, lane, [{ text: 'hello' }])];
    expect(first).toEqual(
      chatRequest(
        [
          { role: 'system', content: 'be brief' },
          { role: 'user', content: 'hi "you"\n' },
        ],
        lane.settings,
        { model: 'a/m', extra: { top: 1 } },
      ),
    );
    expect(second.messages.slice(-2)).toEqual([
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: 'and then?' },
    ]);
    for (const request of [first, second]) expect(turnKey(request, lane, 2)).toBe(requestHash(request, lane.address, 2));
    // A key that is known is not computed again.
    for (const repetition of [2, 1, 2, 1]) {
      expect(nextKey({ testCase: asked, repetition }, lane, [])).toBe(requestHash(first, lane.address, repetition));
      expect(nextKey({ testCase: asked, repetition }, lane, [{ text: 'hello' }])).toBe(
        requestHash(second, lane.address, repetition),
      );
    }
    expect(turnKey(first, lane, 1)).not.toBe(turnKey(second, lane, 1));
  }
});
