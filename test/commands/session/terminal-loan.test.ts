import { expect, test } from 'vitest';
import { createTerminalLoan } from '../../../src/commands/session/terminal-loan.ts';

test('the terminal is lent to one borrower at a time, and immediately to a nested request', async () => {
  const seen: string[] = [];
  let isLent = false;
  const lend = createTerminalLoan(async (use) => {
    expect(isLent).toBe(false);
    isLent = true;
    try {
      return await use();
    } finally {
      isLent = false;
    }
  });
  let closeEditor: () => void = () => undefined;
  const editor = lend('user', () => new Promise<void>((resolve) => (closeEditor = resolve)));
  const question = lend('work', async () => {
    seen.push('question');
    await lend('work', async () => void seen.push('its detail'));
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([]);
  closeEditor();
  await Promise.all([editor, question]);
  expect(seen).toEqual(['question', 'its detail']);
  await expect(lend('work', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await lend('user', () => Promise.resolve('free again'))).toBe('free again');
});
