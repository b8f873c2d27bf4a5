import { describe, expect, it } from 'vitest';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import type { Lane } from '../../../src/core/compare/state.ts';
import { rankLanes } from '../../../src/core/compare/ranking.ts';
import { OrxError } from '../../../src/errors.ts';
import { compareJson } from '../../../src/output/compare/json.ts';
import { jsonText } from '../../../src/output/text/json.ts';
import { rankingTable } from '../../../src/output/compare/ranking-table.ts';

function done(
  model: string,
  cost: string | undefined,
  completionTokens: number,
  firstTokenMs?: number,
  throughput?: number,
): Lane {
  return {
    model,
    lane: 0,
    varied: [],
    state: 'done',
    startedAt: 0,
    receivedBytes: 0,
    answer: {
      ...EMPTY_ANSWER,
      id: `gen-${model}`,
      model: `${model}-20260101`,
      provider: 'Novita',
      text: 'yes',
      finishReason: 'stop',
      nativeFinishReason: 'eos',
      usage: {
        promptTokens: 12,
        completionTokens,
        totalTokens: 12 + completionTokens,
        cost,
        wire: { completion_tokens: completionTokens, odd: 1 },
      },
      metrics: { timeToFirstTokenMs: firstTokenMs, durationMs: 4321.06, throughput },
    },
  };
}

const limited = new OrxError('rate limited by OpenAI (429)', { kind: 'rate-limit', status: 429, code: 'rate_limit_exceeded' });
const failed: Lane = {
  model: 'openai/gpt-4o',
  lane: 0,
  varied: [],
  state: 'failed',
  startedAt: 0,
  receivedBytes: 0,
  error: limited,
  answer: {
    ...EMPTY_ANSWER,
    retries: [
      { error: limited, waitMs: 1 },
      { error: limited, waitMs: 2 },
    ],
    metrics: { durationMs: 2000 },
  },
};
const lanes: Lane[] = [
  failed,
  done('anthropic/claude-sonnet-4.6', '0.00512', 322, 900, 71.2),
  done('deepseek/deepseek-chat', '0.000412', 1340, 410, 83.4),
];
const numbered = (list: readonly Lane[]): Lane[] => list.map((one, lane) => ({ ...one, lane }));
const rank = (list: readonly Lane[]) => rankLanes({ startedAt: 0, lanes: numbered(list) }, 'cost');

describe('rankingTable', () => {
  it('is the ranking, then the reasons of the lanes without an answer', () => {
    expect(rankingTable(rank(lanes))).toBe(
      [
        '     model                        first token  tok/s  tokens       cost     ×',
        '  1  deepseek/deepseek-chat            0.41 s     83   1,340  $0.000412   1.0',
        '  2  anthropic/claude-sonnet-4.6       0.90 s     71     322   $0.00512  12.4',
        '  –  openai/gpt-4o                rate limited by OpenAI (429), 3 attempts',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [80, 'deepseek/deepseek-chat', '     model                        first token  tok/s  tokens       cost     ×'],
    [74, 'deepseek-chat', '     model              first token  tok/s  tokens       cost     ×'],
    [62, 'deepseek-chat', '     model              first token  tokens       cost     ×'],
    [56, 'deepseek-chat', '     model              first token  tokens       cost'],
    [40, 'deepseek-chat', '    model                  cost'],
    [24, 'deep…chat', '    model          cost'],
  ])('on a screen of %i columns drops the author, then columns', (columns, name, headings) => {
    const [first, ...rows] = rankingTable(rank(lanes), columns).split('\n');
    expect(first).toBe(headings);
    expect(rows[0]).toContain(` ${name} `);
    expect(rows[0]).toContain('$0.000412');
    expect(rows.join(' ')).toMatch(/gpt-4o +rate +limited/);
  });

  it('marks unknown values', () => {
    expect(rankingTable(rank([done('x/a', undefined, 5), done('x/b', '0', 7, 12_345, 4.25)]))).toBe(
      [
        '     model  first token  tok/s  tokens  cost  ×',
        '  1  x/b         12.3 s    4.3       7    $0  –',
        '  –  x/a              –      –       5     –  –',
        '',
      ].join('\n'),
    );
  });

  it('has no table if no model answered', () => {
    const list = ['x/same', 'y/same', 'z/other'].map((model) => ({ ...failed, model }));
    expect(rankingTable(rank(list))).toBe(
      ['x/same ', 'y/same ', 'z/other'].map((name) => `  –  ${name}  rate limited by OpenAI (429), 3 attempts\n`).join(''),
    );
  });

  it('distinguishes two models with the same name by their authors, on any screen', () => {
    const list = ['someone/same', 'other/same'].map((model, index) => done(model, `0.000${index + 1}`, 1));
    expect(rankingTable(rank(list), 40)).toMatch(/someone\/same[^]*other\/same/);
    expect(rankingTable(rank(list), 24)).toMatch(/some…\S+ [^]*othe…\S+ /);
  });

  it('names the models whose vendor stated no cost', () => {
    const lane = done('openai:gpt-5', '0.25', 1);
    const computed = { ...lane, answer: { ...lane.answer, usage: { ...lane.answer.usage!, isComputed: true } } };
    const lines = rankingTable(rank([computed, done('x/billed', '0.5', 1)])).split('\n');
    expect(lines.slice(3)).toEqual(['  cost computed from listed prices: openai:gpt-5', '']);
  });

  it('aligns wide names and makes hostile ones harmless', () => {
    const table = rankingTable(rank([done('x/模型', '0.1', 1), done('x/a\u001b[31m', '0.2', 1)]));
    expect(table).toContain('  1  x/模型   ');
    expect(table).toContain('  2  x/a␛[31m  ');
  });
});

describe('compareJson', () => {
  it('is the given lanes and the ranking', () => {
    const state = { startedAt: 0, lanes: numbered(lanes) };
    const json = JSON.parse(jsonText(compareJson('why?', state, rankLanes(state, 'cost'), 'cost')));
    expect(json).toMatchObject({
      prompt: 'why?',
      ranked_by: 'cost',
      ranking: [
        { rank: 1, requested_model: 'deepseek/deepseek-chat', cost: '0.000412', relative_cost: '1' },
        { rank: 2, requested_model: 'anthropic/claude-sonnet-4.6', cost: '0.00512', relative_cost: '12.427184' },
        { rank: null, requested_model: 'openai/gpt-4o', cost: null, relative_cost: null },
      ],
    });
    expect(json.lanes[0]).toMatchObject({
      state: 'failed',
      requested_model: 'openai/gpt-4o',
      id: null,
      content: '',
      usage: null,
      timing: { time_to_first_token_ms: null, duration_ms: 2000 },
      error: { kind: 'rate-limit', message: 'rate limited by OpenAI (429)', code: 'rate_limit_exceeded', status: 429 },
    });
    expect(json.lanes[2]).toMatchObject({
      state: 'done',
      requested_model: 'deepseek/deepseek-chat',
      model: 'deepseek/deepseek-chat-20260101',
      provider: 'Novita',
      content: 'yes',
      reasoning: null,
      finish_reason: 'stop',
      cost: '0.000412',
      usage: { completion_tokens: 1340, odd: 1 },
      timing: { time_to_first_token_ms: 410, duration_ms: 4321.1, tokens_per_second: 83.4 },
    });
  });
});
