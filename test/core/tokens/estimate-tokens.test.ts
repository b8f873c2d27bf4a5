import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { estimateTokens } from '../../../src/core/tokens/estimate-tokens.ts';

// The first article of the Universal Declaration of Human Rights, and a piece of code.
const TEXTS = {
  english:
    'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.',
  german:
    'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen.',
  russian:
    'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.',
  arabic: 'يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميرًا وعليهم أن يعامل بعضهم بعضًا بروح الإخاء.',
  hindi:
    'सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।',
  korean:
    '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.',
  chinese: '人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。',
  code: 'export function total(prices: readonly number[]): number {\n  let sum = 0;\n  for (const price of prices) sum += price * 1.25;\n  return Math.round(sum * 100) / 100;\n}\n',
  numbers: '2026-11-24 15:26:33 1234567 3.14159 0xff 192.168.0.1',
};

describe('estimateTokens', () => {
  test.each(Object.entries(TEXTS))('%s: within 30 percent of the real count', (_, text) => {
    const real = countTokens(text);
    expect(Math.abs(estimateTokens(text) - real) / real).toBeLessThan(0.3);
  });

  test.each([
    ['', 0],
    [' ', 1],
    ['a', 1],
    ['the', 1],
    ['camelCaseName', 3],
    ['1234567', 3],
  ])('%j: %i', (text, tokens) => expect(estimateTokens(text)).toBe(tokens));

  test('any text: a whole number, positive for non-empty text, never more than its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const tokens = estimateTokens(text);
        expect(Number.isSafeInteger(tokens)).toBe(true);
        expect(tokens).toBeLessThanOrEqual(new TextEncoder().encode(text).length);
        expect(tokens > 0).toBe(text !== '');
      }),
    );
  });

  test('a long text counts as the sum of its lines, again and after another one', () => {
    const long = `${TEXTS.english}\n`.repeat(500);
    const other = TEXTS.code.repeat(500);
    const first = [estimateTokens(long), estimateTokens(other)];
    expect(first[0]).not.toBe(first[1]);
    expect([estimateTokens(long), estimateTokens(long), estimateTokens(other)]).toEqual([first[0], first[0], first[1]]);
    const lines = estimateTokens(`${TEXTS.english}\n`.repeat(50)) * 10;
    expect(Math.abs(first[0]! - lines)).toBeLessThanOrEqual(10);
  });

  test('halves of characters', () => {
    expect(estimateTokens('\ud83d')).toBeLessThanOrEqual(3);
    expect(estimateTokens('\udc00\ud83d'.repeat(50))).toBeLessThanOrEqual(300);
  });
});
