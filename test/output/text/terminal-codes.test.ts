import { expect, test } from 'vitest';
import { clipboardCommands } from '../../../src/cli/prompt/copy-text.ts';
import { clipboardCode } from '../../../src/output/text/clipboard-code.ts';
import { imageProtocol, inlineImage } from '../../../src/output/chat/inline-image.ts';

test.each([
  ['nothing is announced', { TERM: 'xterm-256color' }, undefined],
  ['kitty', { TERM: 'xterm-kitty' }, 'kitty'],
  ['a window of kitty', { KITTY_WINDOW_ID: '1' }, 'kitty'],
  ['Ghostty', { TERM_PROGRAM: 'ghostty' }, 'kitty'],
  ['iTerm2', { TERM_PROGRAM: 'iTerm.app' }, 'iterm'],
  ['iTerm2 over SSH', { LC_TERMINAL: 'iTerm2' }, 'iterm'],
  ['WezTerm', { TERM_PROGRAM: 'WezTerm' }, 'iterm'],
  ['tmux in kitty', { TERM: 'tmux-256color', TMUX: '/tmp/tmux,1,0', KITTY_WINDOW_ID: '1' }, undefined],
  ['tmux over SSH', { TERM: 'tmux-256color', LC_TERMINAL: 'iTerm2' }, undefined],
  ['screen', { TERM: 'screen', STY: '1.tty', TERM_PROGRAM: 'iTerm.app' }, undefined],
  ['TERM=dumb', { TERM: 'dumb', KITTY_WINDOW_ID: '1' }, undefined],
] as const)('images: %s', (_, env, protocol) => {
  expect(imageProtocol(env)).toBe(protocol);
});

test('an image is sent completely, in pieces that the terminal accepts, without a response', () => {
  const bytes = Buffer.from(Array.from({ length: 9001 }, (_, index) => index % 256));
  const kitty = [...inlineImage('kitty', bytes, 'png')!.matchAll(/\u001b_G([^;]*);([^\u001b]*)\u001b\\/g)];
  expect(kitty.map(([, keys]) => keys)).toEqual(['a=T,f=100,q=2,m=1', 'q=2,m=1', 'q=2,m=0']);
  expect(Buffer.from(kitty.map(([, , data]) => data).join(''), 'base64')).toEqual(bytes);
  for (const [, , data = ''] of kitty) expect(data.length).toBeLessThanOrEqual(4096);
  expect(inlineImage('kitty', bytes, 'jpg')).toBeUndefined();
  expect(inlineImage('iterm', bytes, 'jpg')).toBe(`\u001b]1337;File=inline=1;size=9001:${bytes.toString('base64')}\u0007\n`);
});

test('a clipboard code is as long as terminals accept, and passes through tmux and screen', () => {
  expect(clipboardCode('héllo', {})).toBe('\u001b]52;c;aMOpbGxv\u0007');
  expect(clipboardCode('hi', { TMUX: '/tmp/tmux,1,0' })).toBe(
    '\u001b]52;c;aGk=\u0007\u001bPtmux;\u001b\u001b]52;c;aGk=\u0007\u001b\\',
  );
  const inScreen = clipboardCode('x'.repeat(300), { STY: '1.tty' })!;
  expect(inScreen.replaceAll(/\u001bP|\u001b\\/g, '')).toBe(clipboardCode('x'.repeat(300), {}));
  for (const piece of inScreen.split('\u001b\\').slice(0, -1)) expect(piece).toMatch(/^\u001bP[^]{1,76}$/);
  expect(clipboardCode('x'.repeat(75_000), {})).toHaveLength(100_000 + 8);
  expect(clipboardCode('x'.repeat(75_001), {})).toBeUndefined();
});

test.each([
  ['darwin', {}, ['pbcopy']],
  ['win32', {}, ['clip']],
  ['linux', {}, []],
  ['linux', { DISPLAY: ':0', WAYLAND_DISPLAY: 'w', TMUX: 't' }, ['wl-copy', 'xclip', 'xsel', 'tmux']],
  ['linux', { DISPLAY: ':0', SSH_CONNECTION: '1 2 3 4' }, []],
  ['darwin', { SSH_CONNECTION: '1 2 3 4' }, []],
  ['darwin', { SSH_CONNECTION: '1 2 3 4', TMUX: 't' }, ['tmux']],
] as const)('on %s with %j copies %j', (platform, env, programs) => {
  expect(clipboardCommands(env, platform).map(([program]) => program)).toEqual(programs);
});
