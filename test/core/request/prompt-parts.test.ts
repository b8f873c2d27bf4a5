import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeBlocks } from '../../../src/core/answer/code-blocks.ts';
import { fencedText } from '../../../src/core/request/fenced-text.ts';
import { mediaType, refusedType } from '../../../src/core/request/media-type.ts';
import { parseFieldList } from '../../../src/core/schema/parse-schema.ts';
import { parseTemplate } from '../../../src/core/request/parse-template.ts';
import { fillTemplate } from '../../../src/core/request/template.ts';

test('no text can end its fence, and no name its line', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.constantFrom('`', '```', '````', '\n', 'a', '~~~')), (name, pieces) => {
      const text = pieces.join('');
      const [block] = codeBlocks(fencedText({ name: `n${name}`, text }));
      expect(block).toBe(text === '' ? '' : text.endsWith('\n') ? text : `${text}\n`);
    }),
  );
});

describe('types by content', () => {
  test.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF1234WEBPVP8 ', 'image/webp'],
    ['%PDF-1.7', 'application/pdf'],
    ['RIFF1234WAVE', 'audio/wav'],
    ['ID3\x04', 'audio/mpeg'],
    ['\xff\xfb\x90\x00', 'audio/mpeg'],
    ['\xff\xf1\x50\x80', 'audio/aac'],
    ['fLaC', 'audio/flac'],
    ['OggS', 'audio/ogg'],
    ['FORM1234AIFF', 'audio/aiff'],
    ['\0\0\0\x18ftypM4A ', 'audio/mp4'],
    ['\0\0\0\x18ftypmp42', 'video/mp4'],
    ['\0\0\0\x14ftypqt  ', 'video/quicktime'],
    ['\x1a\x45\xdf\xa3', 'video/webm'],
    ['\0\0\x01\xba', 'video/mpeg'],
  ])('%j is %s', (bytes, mime) => {
    expect(mediaType(Buffer.from(bytes, 'latin1'))?.mime).toBe(mime);
  });

  test('others have none, and some of them have a name', () => {
    for (const text of ['', 'words', 'RIFF1234AVI ', '\xff\xff\xff\xff'])
      expect(mediaType(Buffer.from(text, 'latin1'))).toBeUndefined();
    expect(refusedType(Buffer.from('\0\0\0\x18ftypheic', 'latin1'))).toBe('a HEIC image');
  });
});

test('a list of fields is a schema', () => {
  expect(parseFieldList('name, age int, tags[], scores float[], ok bool: whether')).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string' },
      age: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
      scores: { type: 'array', items: { type: 'number' } },
      ok: { type: 'boolean', description: 'whether' },
    },
    required: ['name', 'age', 'tags', 'scores', 'ok'],
    additionalProperties: false,
  });
  expect(parseFieldList('a: one, or two\nb')).toMatchObject({ properties: { a: { description: 'one, or two' }, b: {} } });
  for (const bad of ['', 'a b c', '1a', 'a, a', 'a: '])
    expect(() => parseFieldList(bad)).toThrow(expect.objectContaining({ kind: 'usage' }));
});

describe('templates', () => {
  const read = (text: string, isYaml = false) => parseTemplate('t', text, ['model', 'temperature', 'stop', 'only'], isYaml);

  test('front matter and prompt, a prompt alone, or YAML alone', () => {
    expect(read('---\nmodel: a/b\nonly: [x, y]\ndefaults: {n: 3}\n---\nHi {{n}}')).toMatchObject({
      prompt: 'Hi {{n}}',
      settings: { model: 'a/b', only: 'x,y' },
      defaults: { n: '3' },
    });
    expect(read('just words')).toMatchObject({ prompt: 'just words', settings: {} });
    expect(read('prompt: words\ntemperature: 0.5', true)).toMatchObject({ prompt: 'words', settings: { temperature: '0.5' } });
  });

  test.each([
    ['---\nbase-url: https://evil.example\n---\nx', 'base-url'],
    ['---\napi-key: x\n---\nx', 'api-key'],
    ['---\nrun: rm\n---\nx', 'run'],
    ['---\na: [\n---\nx', 'not valid YAML (line'],
    ['---\n- a\n---\nx', 'a map of names to values'],
    ['---\nprompt: a\n---\nx', 'two prompts'],
    ['---\nsystem: {a: 1}\n---\nx', 'system must be text'],
  ])('%j is an error', (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) as string }),
    );
  });

  test('variables are filled once, and all missing ones are named', () => {
    const template = read('{{a}} {{ b }} {{a}} {{input}} {no} {{1}}');
    expect(fillTemplate(template, { a: '{{b}}', b: '$&' }, '{{a}}').prompt).toBe('{{b}} $& {{b}} {{a}} {no} {{1}}');
    expect(() => fillTemplate(template, {}, 'x')).toThrow('values for a, b');
    expect(() => fillTemplate(template, { a: '', b: '', c: '' }, 'x')).toThrow('no variable c');
    expect(() => fillTemplate(template, { a: '', b: '' }, undefined)).toThrow('needs an input');
    expect(fillTemplate(read('first'), {}, 'then').prompt).toBe('first\n\nthen');
  });
});
