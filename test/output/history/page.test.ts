import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationHtml } from '../../../src/output/history/html.ts';
import { markdownHtml } from '../../../src/output/html/markdown.ts';
import { mediaHtml } from '../../../src/output/html/media.ts';
import { conversationMarkdown } from '../../../src/output/history/markdown.ts';
import type { Conversation } from '../../../src/storage/conversations/conversations.ts';
import { hasBrowser, openBrowser } from '../../support/browser.ts';
import { newConversation, NOW, storedMessage } from '../../support/conversation-entries.ts';

const HOSTILE = [
  '<img src=x onerror="window.hacked=1">',
  '</div></article></style><script>window.hacked=1</script>',
  '```html\n</code></pre><script>window.hacked=1</script>\n```',
  '[press](javascript:window.hacked=1) <a href="javascript:window.hacked=1">press</a>',
  '\u202ereversed\u0000\u001b[2J',
  '[a](https://x.example/"onmouseover="window.hacked=1) https://y.example/\'onclick=\'window.hacked=1 <https://z.example/?a=1&b=<>',
  '[b](https://x.example "title\\" onclick=\\"window.hacked=1") <javascript:window.hacked=1> &#106;avascript:window.hacked=1',
  '[c](JaVaScRiPt:window.hacked=1) [d](data:text/html,<script>window.hacked=1</script>) [e](//x.example) [f](file:///etc/passwd)',
  '![g](https://x.example/pixel.png) ![h](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '| <img src=x onerror=window.hacked=1> | b |\n|---|:-:|\n| `</td><script>` | </table> |\n',
  '# <script>window.hacked=1</script>\n\n1. <b onclick=x>\n   > <iframe src=x>\n\n$$\n</p><script>\n$$',
  'a-word-without-a-single-space-'.repeat(40),
];
const conversation = (title: string): Conversation => ({
  ...newConversation('a', { title, model: title }),
  updatedAt: NOW,
  messages: 2,
});
const page = (texts: readonly string[], title = 'a chat'): string =>
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
    { now: NOW, isSandbox: false },
  );

describe.skipIf(!hasBrowser())('the page of a conversation, in a browser', () => {
  it('executes nothing of the messages, loads nothing, fits a phone and a desktop, is light and dark', async () => {
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
    expect(await tab.locator('script, img, iframe, link, body style, b, [onclick], [onmouseover], [onerror]').count()).toBe(0);
    const links = (await tab.evaluate('[...document.links].map((link) => link.href)')) as string[];
    expect(new Set(links.map((href) => href.replace(/^(https:..[xyz]\.example).*/s, '$1')))).toEqual(
      new Set(['https://x.example', 'https://y.example', 'https://z.example']),
    );
    expect(await tab.locator('article').count()).toBe(HOSTILE.length * 2);
    expect(await tab.locator('article').nth(1).innerText()).toContain(HOSTILE[0]);
    expect(await tab.locator('pre code').first().innerText()).toBe('</code></pre><script>window.hacked=1</script>');
    const color = () => tab.evaluate('getComputedStyle(document.body).backgroundColor');
    await tab.emulateMedia({ colorScheme: 'dark' });
    expect(await color()).toBe('rgb(13, 17, 23)');
    await tab.emulateMedia({ colorScheme: 'light' });
    expect(await color()).toBe('rgb(255, 255, 255)');
    expect(seen).toEqual([]);

    await tab.setContent(richPage());
    expect(await tab.locator('h3').innerText()).toBe('Title');
    expect(await tab.locator('ol li').allInnerTexts()).toEqual(['three', 'four']);
    expect(await tab.locator('td').allInnerTexts()).toEqual(['1', '22']);
    expect(await tab.locator('a').getAttribute('href')).toBe('https://x.example/a');
    expect(await tab.evaluate('document.querySelector("img").complete && document.querySelector("img").naturalWidth')).toBe(1);
    expect(await tab.locator('audio[controls]').count()).toBe(1);
    expect(await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    expect(seen.filter((request) => !request.startsWith('data:'))).toEqual([]);
  });
});

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const RICH = '# Title\n\n**bold** [text](https://x.example/a)\n\n3. three\n4. four\n\n| a | b |\n|---|--:|\n| 1 | 22 |\n';
function richPage(): string {
  const message = { role: 'assistant', content: RICH } as const;
  const messages = [
    storedMessage(message, { images: [`data:image/png;base64,${PNG}`], audio: [Buffer.alloc(64).toString('base64')] }),
  ];
  return conversationHtml(conversation('rich'), messages, { now: NOW, isSandbox: true });
}

describe('messages', () => {
  it('have fences as code, lines as lines, and reasoning folded', () => {
    const html = page(['before\n  two\n````md\n```js\nx\n```\n````\nafter\n~~~\nopen & <end>']);
    expect(html).toContain(
      '<p>before\ntwo</p>\n<pre title="md"><code>```js\nx\n```</code></pre>\n<p>after</p>\n<pre><code>open &amp; &lt;end&gt;</code></pre>',
    );
    expect(html).toContain('<details><summary>reasoning</summary>');
  });

  it.each([
    ['a **b** *c* ~~d~~ `e`', '<p>a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code></p>'],
    ['### x *y*', '<h5>x <em>y</em></h5>'],
    ['x\n---', '<h4>x</h4>'],
    [
      '- a\n- b\n  - c\n\n  d',
      '<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n<ul>\n<li><p>c</p>\n</li>\n</ul>\n<p>d</p>\n</li>\n</ul>',
    ],
    [
      '3. a\n7) b\n- c',
      '<ol>\n<li value="3"><p>a</p>\n</li>\n<li value="7"><p>b</p>\n</li>\n</ol>\n<ul>\n<li><p>c</p>\n</li>\n</ul>',
    ],
    ['> a\n> b\n\nc', '<blockquote>\n<p>a\nb</p>\n</blockquote>\n<p>c</p>'],
    ['***', '<hr>'],
    ['    <i>', '<pre><code>&lt;i&gt;</code></pre>'],
    ['<div>\n&amp;', '<p>&lt;div&gt;\n&amp;amp;</p>'],
    ['&lt;b&gt; &#60;i>', '<p>&lt;b&gt; &amp;#60;i&gt;</p>'],
    [
      '[**a** b](https://x.example/?a=1&b=2)',
      '<p><a href="https://x.example/?a=1&amp;b=2" title="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow"><strong>a</strong> b</a> (https://x.example/?a=1&amp;b=2)</p>',
    ],
    ['[a](javascript:b)', '<p>a (javascript:b)</p>'],
    [
      '<me@x.example>',
      '<p><a href="mailto:me@x.example" title="mailto:me@x.example" rel="noopener noreferrer nofollow">me@x.example</a></p>',
    ],
    ['', ''],
  ])('%j on the page', (source, html) => {
    expect(markdownHtml(source)).toBe(html === '' ? '' : `<div class="md">\n${html}\n</div>\n`);
  });

  it('lose nothing of a text but its markup, however it is nested', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/);
    const part = fc.oneof(
      word,
      word.map((text) => `**${text}**`),
      fc.constantFrom(
        '\n',
        '\n\n',
        '\n- ',
        '\n> ',
        '\n1. ',

        '\n# ',
        ' | ',
        '\n|-|-|\n',
        '<',
        '[',
        '](',
        '`',
        '\t',
        '    ',
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const source = parts.join(' ');
        const text = markdownHtml(source).replaceAll(/<[^>]*>/g, ' ');
        for (const hit of source.match(/(?<![\w`~])[a-z]{3,8}(?![\w])/g) ?? []) expect(text).toContain(hit);
      }),
    );
  });

  it.each([
    ['an image by its content', 'data:text/html;base64,', PNG, `<img alt="" src="data:image/png;base64,${PNG}">`],
    ['SVG', 'data:image/svg+xml;base64,', 'PHN2Zz48L3N2Zz4=', '<p class="dim">[image that cannot be read]</p>'],
    [
      'one of the net',
      'https://x.example/"><script>',
      '',
      '<p class="dim">[image: https://x.example/&quot;&gt;&lt;script&gt;]</p>',
    ],
  ])('show %s, or name it', (_, before, data, html) => {
    expect(mediaHtml({ images: [before + data] })).toBe(`${html}\n`);
  });

  it('in Markdown, an open fence does not swallow what follows', () => {
    const messages = [
      storedMessage({ role: 'assistant', content: 'so:\n```js\nx' }),
      storedMessage({ role: 'user', content: 'next' }),
    ];
    expect(conversationMarkdown(conversation('a *title*\n# b'), messages, { now: NOW, isSandbox: false })).toMatch(
      /^# a \\\*title\\\* # b\n\n.*\n\n## assistant\n\nso:\n```js\nx\n```\n\n## you\n\nnext\n$/,
    );
  });
});
