import { describe, expect, test } from 'vitest';
import { completeSlash, matching } from '../../../src/core/talk/completion.ts';
import { editorText } from '../../../src/core/talk/editor.ts';
import { type InputEffect, pressKey, startInput, type Surroundings, type TalkInput } from '../../../src/core/talk/input.ts';
import { createKeyParser } from '../../../src/core/talk/keys.ts';
import { parseSlash } from '../../../src/core/talk/slash-commands.ts';

const COMMANDS = [
  { name: 'new', takes: '', description: 'anew' },
  { name: 'model', takes: '<name>', description: 'who answers' },
  { name: 'quit', takes: '', description: 'leave', aliases: ['exit', 'q'] },
];
const MODELS = ['b/gpt-4o-mini', 'b/gpt-4o'].map((id) => ({ insert: id, label: id, detail: '', isWhole: true }));
const IDLE: Surroundings = {
  isBusy: false,
  hasQueue: false,
  complete: (before) => completeSlash(before, COMMANDS, (_, { last }) => matching(MODELS, last)),
  vertical: () => undefined,
};

function type(sent: string, around: Surroundings = IDLE, start: TalkInput = startInput(['first', 'second one', 'third'])) {
  const parser = createKeyParser();
  const effects: InputEffect[] = [];
  let input = start;
  for (const key of [...parser.push(sent), ...parser.flush()]) {
    const pressed = pressKey(input, key, around);
    input = pressed.input;
    if (pressed.effect !== undefined) effects.push(pressed.effect);
  }
  return { text: editorText(input.editor), effects, input };
}

const UP = '\u001b[A';
const DOWN = '\u001b[B';

describe('the prompt', () => {
  test.each<[string, string, InputEffect[]]>([
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
    ['/model gpt-4o\r', '', [{ type: 'send', text: '/model b/gpt-4o-mini' }]],
    ['/model b/gpt-4o\r', '', [{ type: 'send', text: '/model b/gpt-4o' }]],
    ['/model gpt' + DOWN + '\r', '', [{ type: 'send', text: '/model b/gpt-4o' }]],
    ['/usr/bin is what?\r', '', [{ type: 'send', text: '/usr/bin is what?' }]],
  ])('%j', (sent, text, effects) => {
    const result = type(sent);
    expect({ text: result.text, effects: result.effects }).toEqual({ text, effects });
  });

  test('while an answer comes, Esc takes back what is queued first, and then stops it; so does Ctrl-C', () => {
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
