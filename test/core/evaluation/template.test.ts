import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderTextTemplate } from '../../../src/core/evaluation/template/render-text.ts';

const render = (text: string, values: Record<string, unknown> = {}): string => renderTextTemplate(text, values, 'prompts.txt');

/** Returns the rendered text, or `otherwise` if a name has no value. */
function renderedOr(otherwise: string, text: string, values: Record<string, unknown>): string {
  try {
    return render(text, values);
  } catch (error) {
    if (String(error).includes('has no value')) return otherwise;
    throw error;
  }
}

describe('a template', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['Hi {{name}}!', { name: 'Ann' }, 'Hi Ann!'],
    ['{{ a.b[0].c }}', { a: { b: [{ c: 1 }] } }, '1'],
    ["{{ a['b c'] }}", { a: { 'b c': 'x' } }, 'x'],
    ['{{ (style | load).tone }}', { style: '{"tone":"formal"}' }, 'formal'],
    ['{{ list }} {{ object }}', { list: [1, 'a'], object: { a: 1 } }, '[1,"a"] {"a":1}'],
    ['{{ text | dump }}', { text: 'a "b"\n' }, '"a \\"b\\"\\n"'],
    ['{{ missing | default("x") }}{{ n | default(3) }}', { n: 0 }, 'x0'],
    ['{{ words | join(", ") | upper }}', { words: ['a', 'b'] }, 'A, B'],
    ['{{ " a " | trim | replace("a", "$&b") }}', {}, '$&b'],
    ['{{ words | length }} {{ words.length }}', { words: ['a', 'b'] }, '2 2'],
    ['{% for x in xs %}{{ loop.index }}:{{ x }}{% if not loop.last %},{% endif %}{% endfor %}', { xs: ['a', 'b'] }, '1:a,2:b'],
    ['{% for k, v in m %}{{k}}={{v};{% else %}none{% endfor %}', { m: {} }, 'none'],
    ['{% for k, v in m %}{{k}}={{v}};{% endfor %}', { m: { a: 1, b: 2 } }, 'a=1;b=2;'],
    ['{% if a > 1 and name == "x" %}yes{% elif b %}b{% else %}no{% endif %}', { a: 2, name: 'x' }, 'yes'],
    ['{% if unknown %}yes{% else %}no{% endif %}', {}, 'no'],
    ['{% if a is defined %}yes{% endif %}{% if b is not defined %}no{% endif %}', { a: 1 }, 'yesno'],
    ['{% raw %}{{ name }}{% endraw %} {# comment #}{{ name }}', { name: 'x' }, '{{ name }} x'],
    ['a {%- if true -%} b {%- endif -%} c', {}, 'abc'],
    ['{% set x = "a" %}{{ x ~ 1 }}', {}, 'a1'],
  ])('%s', (text, values, expected) => {
    expect(render(text, values)).toBe(expected);
  });

  test('that does not parse stays as it is', () => {
    for (const text of [
      'plain',
      '{"a": {"b": 1}}',
      'Reply {{"name": "value"}}',
      '{{"name"}} {{ }}',
      '\\frac{{a}{b}}',
      '^\\d{{2}}$ {{ a b }}',
      '{% unknown %}{{ name }}{% endunknown %}',
      '{% for x in %}{% endfor %}',
      '{% if a %}never ended',
      '{{ f() }} {{ name | shuffle }}',
    ])
      expect(render(text, { name: 'x' })).toBe(text);
    expect(render('{{"a":1}} for {{ name }}', { name: 'x' })).toBe('{{"a":1}} for x');
  });

  test('values are not expanded again', () => {
    expect(render('{{ a }}', { a: '{{ b }}', b: 'secret' })).toBe('{{ b }}');
  });

  test('a name without a value is an error that names the place, or stays', () => {
    expect(() => render('Hi {{ nam }}', { name: 'x' })).toThrow('prompts.txt: {{nam}} has no value: there is no variable nam');
    expect(() => render('{{ a.b.c }}', { a: {} })).toThrow('there is no variable b');
    expect(renderTextTemplate('{{ b }}-{{ a }}', { a: 1 }, 'x', 'keep')).toBe('{{ b }}-1');
  });

  test.each([
    '{{ range.constructor("return process.version")() }}',
    '{{ a.constructor }}',
    '{{ a.__proto__ }}',
    '{{ "".constructor }}',
    '{{ a["constructor"]["constructor"] }}',
    '{{ a.b.constructor.prototype }}',
    '{{ toString }}',
    '{{ __proto__ }}',
    '{{ constructor }}',
    '{% for x in a.constructor %}{{ x }}{% endfor %}',
    '{% set constructor = a.constructor %}{{ constructor }}',
    '{{ (a | dump).constructor }}',
    '{{ a.b["__pro" ~ "to__"] }}',
    '{{ process.env }}',
    '{{ a.b.push(1) }}',
  ])('reaches nothing but data: %s', (text) => {
    const values = { a: { b: [] } };
    expect(['', text, 'no value']).toContain(renderedOr('no value', text, values));
  });

  test('an own property called like one of an object is data', () => {
    expect(render('{{ a.constructor }}', { a: JSON.parse('{"constructor": "x"}') })).toBe('x');
    expect(render('{{ __proto__ }}', JSON.parse('{"__proto__": "x"}') as Record<string, unknown>)).toBe('x');
  });

  test('loops in loops end', () => {
    const values = { xs: Array.from({ length: 2000 }, () => 'x') };
    const nested = '{% for a in xs %}{% for b in xs %}{% for c in xs %}{{ a }}{% endfor %}{% endfor %}{% endfor %}';
    expect(() => render(nested, values)).toThrow('too many repetitions');
    expect(() => render('{% for a in xs %}{{ t }}{% endfor %}', { ...values, t: 'x'.repeat(100_000) })).toThrow(
      'longer than 16 MB',
    );
  });

  test('text of signs alone is read in linear time, and any text renders or is refused', () => {
    for (const sign of ['{{', '{%', '{#', '{% raw %}', '{% if a %}', '{{ (', '{{ a.'])
      expect(typeof render(sign.repeat(50_000), { a: 1 })).toBe('string');
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      ' a ',
      'for x in a',
      'endfor',
      'if',
      'endif',
      'raw',
      'endraw',
      '|',
      '(',
      ')',
      '.',
      '"',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(typeof renderTextTemplate(pieces.join(''), { a: [1, 2] }, 'x', 'keep')).toBe('string');
      }),
    );
  });
});
