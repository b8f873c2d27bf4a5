/** What text from outside could try on a page. Each one sets `window.hacked`, loads something or changes the page if it works. */
export const HOSTILE_MARKUP: readonly string[] = [
  '</script><script>window.hacked=1</script>',
  '<img src=x onerror="window.hacked=1"><svg onload="window.hacked=1">',
  '"><script>window.hacked=1</script><!-- <script>',
  "' onmouseover='window.hacked=1' x='",
  '</title></style></svg></template></textarea><iframe srcdoc="<script>parent.hacked=1</script>">',
  '[press](javascript:window.hacked=1) <a href="javascript:window.hacked=1">press</a> [x](JaVaScRiPt:window.hacked=1)',
  '[d](data:text/html,<script>window.hacked=1</script>) ![g](https://example.invalid/pixel.png) [e](//example.invalid)',
  '<!-- ]]> --> <link rel=stylesheet href=https://example.invalid/x.css><meta http-equiv=refresh content="0;url=https://example.invalid/">',
  '```html\n</code></pre><script>window.hacked=1</script>\n```',
  '| <img src=x onerror=window.hacked=1> | b |\n|---|:-:|\n| `</td><script>` | </table> |\n',
  '\u202ereversed\u0000\u001b[2J\u2028\u2029\ufeff\ud800 \u2067isolated',
  '{"__proto__":{"hacked":1}} ${window.hacked=1} {{constructor.constructor("window.hacked=1")()}}',
  'a-word-without-a-single-space-'.repeat(40),
];
