import { describe, expect, it } from 'vitest';
import { conversationHtml } from '../../src/output/conversation-html.ts';
import { conversationMarkdown } from '../../src/output/conversation-markdown.ts';
import type { Conversation } from '../../src/storage/conversations/conversations.ts';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { newConversation, NOW, storedMessage } from '../support/conversation-entries.ts';

const HOSTILE = [
  '<img src=x onerror="window.hacked=1">',
  '</div></article></style><script>window.hacked=1</script>',
  '```html\n</code></pre><script>window.hacked=1</script>\n```',
  '[press](javascript:window.hacked=1) <a href="javascript:window.hacked=1">press</a>',
  '\u202ereversed\u0000\u001b[2J',
  'a-word-without-a-single-space-'.repeat(40),
];
const conversation = (title: string): Conversation => ({
  ...newConversation('a', { title, model: title }),
  updatedAt: NOW,
  messages: 2,
});
const page = (texts: readonly string[], title = 'a talk'): string =>
  conversationHtml(
    conversation(title),
    texts.flatMap((text) => [
      storedMessage({
        role: 'user',
        content: [
          { type: 'text', text },
          { type: 'file', name: text, url: 'data:text/plain;base64,AA' },
        ],
      }),
      storedMessage(
        { role: 'assistant', content: text },
        { model: text, provider: text, error: text, state: 'failed', reasoning: text, cost: '0.1' },
      ),
    ]),
    NOW,
  );

describe.skipIf(!hasBrowser())('the page of a conversation, in a browser', () => {
  it('runs nothing of what was said, asks for nothing, fits a phone and a desk, is light and dark', async () => {
    const browser = await openBrowser();
    const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const seen: string[] = [];
    tab.on('request', (request) => seen.push(request.url()));
    tab.on('console', (message) => seen.push(message.text()));
    tab.on('pageerror', (error) => seen.push(String(error)));
    await tab.setContent(page(HOSTILE, HOSTILE[0]));
    for (const width of [1280, 360]) {
      await tab.setViewportSize({ width, height: 800 });
      expect(
        await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
        `at ${width}`,
      ).toBe(0);
    }
    expect(await tab.evaluate('window.hacked')).toBeUndefined();
    expect(await tab.locator('script, img, iframe, link, a, body style').count()).toBe(0);
    expect(await tab.locator('article').count()).toBe(HOSTILE.length * 2);
    expect(await tab.locator('article').nth(1).innerText()).toContain(HOSTILE[0]);
    expect(await tab.locator('pre code').first().innerText()).toBe('</code></pre><script>window.hacked=1</script>');
    const colour = () => tab.evaluate('getComputedStyle(document.body).backgroundColor');
    await tab.emulateMedia({ colorScheme: 'dark' });
    expect(await colour()).toBe('rgb(13, 17, 23)');
    await tab.emulateMedia({ colorScheme: 'light' });
    expect(await colour()).toBe('rgb(255, 255, 255)');
    expect(seen).toEqual([]);
  });
});

describe('what was said', () => {
  it('has its fences as code, and everything else as text with its lines', () => {
    const html = page(['before\n  two\n````md\n```js\nx\n```\n````\nafter\n~~~\nopen & <end>']);
    expect(html).toContain(
      '<div class="text">before\n  two</div>\n<pre><code>```js\nx\n```</code></pre>\n<div class="text">after</div>',
    );
    expect(html).toContain('<pre><code>open &amp; &lt;end&gt;</code></pre>');
    expect(html).toContain('<details><summary>reasoning</summary>');
  });

  it('as Markdown keeps an open fence from swallowing what follows', () => {
    const messages = [
      storedMessage({ role: 'assistant', content: 'so:\n```js\nx' }),
      storedMessage({ role: 'user', content: 'next' }),
    ];
    expect(conversationMarkdown(conversation('a *title*\n# b'), messages, NOW)).toMatch(
      /^# a \\\*title\\\* # b\n\n.*\n\n## assistant\n\nso:\n```js\nx\n```\n\n## you\n\nnext\n$/,
    );
  });
});
