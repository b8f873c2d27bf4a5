import { expect, test } from 'vitest';
import { commandsQuestion, reachText } from '../../../src/output/tools/mcp-text.ts';

test('the arguments of a command can be told apart before the user agrees to it', () => {
  const shown = (command: readonly string[]): string | undefined =>
    commandsQuestion('tools.yaml', [{ name: 'x', command }]).split('\n')[1];
  expect(shown(['/bin/sh', '-c', 'ls | head -3'])).toBe("  x: /bin/sh -c 'ls | head -3'");
  expect(shown(['/bin/echo', '--a=1', '{{word}}', '', "it's"])).toBe(String.raw`  x: /bin/echo --a=1 {{word}} '' 'it'\''s'`);
  expect(shown(['/bin/echo', 'a b'])).not.toBe(shown(['/bin/echo', 'a', 'b']));
  expect(reachText({ type: 'stdio', command: ['npx', 'my server'], env: {} } as never)).toBe("npx 'my server'");
});
