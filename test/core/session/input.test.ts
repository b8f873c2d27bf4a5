import { describe, expect, test } from 'vitest';
import { completeSlash } from '../../../src/core/session/suggestions.ts';
import { editorText } from '../../../src/core/session/editor.ts';
import { pressEditorKey, startInput, type EditorContext, type SessionInput } from '../../../src/core/session/input.ts';
import { createKeyParser } from '../../../src/core/session/keys.ts';
import { modelCandidates } from '../../../src/core/session/model-candidates.ts';
import { parseSlash } from '../../../src/core/session/slash-commands.ts';
import { makeModel } from '../../support/catalogue.ts';

type Effect = { type: string; text?: string };

const COMMANDS = [
  { name: 'new', takes: '', description: 'anew' },
  { name: 'model', takes: '<name>', description: 'who answers' },
  { name: 'quit', takes: '', description: 'leave', aliases: ['exit', 'q'] },
];
const MODELS = [
  makeModel('b/gpt-4o-mini', {}, { name: 'B: GPT-4o-mini' }),
  makeModel('b/gpt-4o', {}, { name: 'B: GPT-4o' }),
  makeModel('c/fast-one', {}, { name: 'C: Fast One' }),
];
const candidates = (typed: string) =>
  modelCandidates(typed, MODELS, { fast: 'b/gpt-4o' }).map(({ insert }) => ({
    insert,
    label: insert,
    detail: '',
    isWhole: true,
  }));
const IDLE: EditorContext = {
  isBusy: false,
  hasQueue: false,
  complete: (before) =>
    completeSlash(before, COMMANDS, (_, { all }) => ({ start: 0, candidates: candidates(all), none: 'nothing matches' })),
  vertical: () => undefined,
};

function type(sent: string, around: EditorContext = IDLE, start: SessionInput = startInput(['first', 'second one', 'third'])) {
  const parser = createKeyParser();
  const effects: Effect[] = [];
  let input = start;
  for (const key of [...parser.push(sent), ...parser.flush()]) {
    const pressed = pressEditorKey(input, key, around);
    input = pressed.input;
    const { effect } = pressed;
    if (effect !== undefined) effects.push(effect.type === 'send' ? { type: 'send', text: effect.draft.text } : effect);
  }
  return { text: editorText(input.editor), effects, input };
}

const UP = '\u001b[A';
const DOWN = '\u001b[B';

describe('the prompt', () => {
  test.each<[string, string, Effect[]]>([
    ['hi\r', '', [{ type: 'send', text: 'hi' }]],
    ['  \r', '  ', []],
    ['a\\\rb\r', '', [{ type: 'send', text: 'a\nb' }]],
    ['draft' + UP, 'third', []],
    ['draft' + UP + UP + DOWN + DOWN, 'draft', []],
    [`x\u0012one\r`, 'second one', []],
    [`x\u0012i\u0012\r`, 'first', []],
    ['x\u0012one\u001b', 'x', []],
    ['abc\u0003', '', []],
    ['\u0003', '', [{ type: 'leave' }]],
    ['\u0004', '', [{ type: 'leave' }]],
    ['ab\u0001\u0004', 'b', []],
    ['\u0007', '', [{ type: 'write-outside' }]],
    ['\u0018\u0005', '', [{ type: 'write-outside' }]],
    ['\u001a', '', [{ type: 'suspend' }]],
    ['/n\r', '', [{ type: 'send', text: '/new' }]],
    ['/mo\t', '/model ', []],
    ['/model gpt-4o\r', '', [{ type: 'send', text: '/model gpt-4o' }]],
    ['/model B/GPT-4O\r', '', [{ type: 'send', text: '/model B/GPT-4O' }]],
    ['/model c: fast one\r', '', [{ type: 'send', text: '/model c/fast-one' }]],
    ['/model fast\r', '', [{ type: 'send', text: '/model fast' }]],
    ['/model b/gpt-4o:nitro\r', '', [{ type: 'send', text: '/model b/gpt-4o:nitro' }]],
    ['/model gtp-4o\r', '', [{ type: 'send', text: '/model b/gpt-4o' }]],
    ['/model zebra\r', '', [{ type: 'send', text: '/model zebra' }]],
    ['/model b/gpt-4o\r', '', [{ type: 'send', text: '/model b/gpt-4o' }]],
    ['/model gpt' + DOWN + '\r', '', [{ type: 'send', text: '/model b/gpt-4o-mini' }]],
    ['/usr/bin is what?\r', '', [{ type: 'send', text: '/usr/bin is what?' }]],
  ])('%j', (sent, text, effects) => {
    const result = type(sent);
    expect({ text: result.text, effects: result.effects }).toEqual({ text, effects });
  });

  test('mid-stream, Esc first takes back queued messages and then stops the answer; so does Ctrl-C', () => {
    expect(type('\u001b', { ...IDLE, isBusy: true, hasQueue: true }).effects).toEqual([{ type: 'take-back' }]);
    expect(type('\u001b', { ...IDLE, isBusy: true }).effects).toEqual([{ type: 'stop' }]);
    expect(type('half\u0003', { ...IDLE, isBusy: true })).toMatchObject({ text: 'half', effects: [{ type: 'stop' }] });
  });
});

describe('slash commands', () => {
  test.each([
    ['hello', undefined],
    ['/etc/hosts', undefined],
    ['/new', { type: 'command', name: 'new', rest: '' }],
    ['/MODEL  a b ', { type: 'command', name: 'model', rest: 'a b' }],
    ['exit', { type: 'command', name: 'quit', rest: '' }],
    ['/modl', { type: 'unknown', word: 'modl', nearest: 'model' }],
  ])('%j', (text, parsed) => {
    expect(parseSlash(text, COMMANDS)).toEqual(parsed);
  });
});
