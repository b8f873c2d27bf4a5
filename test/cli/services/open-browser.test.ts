import { expect, test } from 'vitest';
import { browserCommands, hasBrowser, withoutApiKeys } from '../../../src/cli/services/open-browser.ts';

const url = 'https://openrouter.ai/auth?a=1&b=$&%20;rm -rf';

test.each([
  ['linux', {}, [['xdg-open', url]]],
  ['darwin', {}, [['open', url]]],
  ['win32', {}, [['rundll32', 'url.dll,FileProtocolHandler', url]]],
  ['linux', { BROWSER: 'firefox' }, [['firefox', url]]],
  ['darwin', { BROWSER: '  my-browser --new  ' }, [['my-browser', '--new', url]]],
  [
    'linux',
    { BROWSER: 'one --url=%s -x:two %s:three' },
    [
      ['one', `--url=${url}`, '-x'],
      ['two', url],
      ['three', url],
    ],
  ],
  ['linux', { BROWSER: '' }, [['xdg-open', url]]],
] as const)('on %s with %j the URL is one argument of the command', (platform, env, commands) => {
  expect(browserCommands(url, env, platform)).toEqual(commands);
});

test.each([
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['linux', { BROWSER: 'w3m' }, true],
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
  ['darwin', {}, true],
  ['darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
  ['win32', {}, true],
] as const)('on %s with %j a local browser is available: %s', (platform, env, expected) => {
  expect(hasBrowser(env, platform)).toBe(expected);
});

test('a child process gets the environment without any key', () => {
  const stored = { PATH: '/bin', DISPLAY: ':0', XDG_ACTIVATION_TOKEN: 'focus', OPENROUTER_BASE_URL: 'https://x.example' };
  const env = {
    ...stored,
    OPENROUTER_API_KEY: 'k',
    OPENROUTER_KEY: 'k',
    OPENROUTER_MANAGEMENT_KEY: 'k',
    ANTHROPIC_API_KEY: 'k',
    openai_api_key: 'k',
    GONE: undefined,
  };
  expect(withoutApiKeys(env)).toEqual(stored);
});
