const MARKS = 400;

/**
 * Model output that could harm the user's terminal: each line is a separate attack with its name. Source: the threat list, row on
 * model text.
 */
export const HOSTILE_TEXT = [
  'This is a simulated answer from the orx sandbox. Every line below attacks your terminal; none may succeed.',
  'clear screen and scrollback: \u001b[2J\u001b[3J\u001b[H',
  'cursor up and overwrite: \u001b[5A\u001b[2Kyou have not seen this',
  'colors that stay, hidden text: \u001b[31;8mhidden\u001b[0m',
  'scroll region and alternate screen: \u001b[1;2r\u001b[?1049h',
  'window title: \u001b]0;owned\u0007',
  'link that lies: \u001b]8;;https://evil.example/\u001b\\https://openrouter.ai\u001b]8;;\u001b\\',
  'clipboard: \u001b]52;c;cm0gLXJmIH4=\u0007',
  'working directory, notifications: \u001b]7;file://evil/\u0007\u001b]9;hello\u0007\u001b]777;notify;a;b\u0007\u001b]1337;SetMark\u0007',
  'device control, application command, privacy message: \u001bP+q544e\u001b\\\u001b_G\u001b\\\u001b^x\u001b\\',
  'eight-bit controls: \u009b31m\u009d0;owned\u009c\u0090x\u009c',
  'bells: \u0007\u0007\u0007\u0007\u0007\u0007\u0007\u0007',
  'overprinting: safe\b\b\b\bevil, and safe\revil',
  'null and delete: \u0000\u007f',
  'direction: user\u202etxt.exe\u202c and \u2066isolated\u2069',
  'invisible: a\u200bb\u2060c\ufeffd\u{e0041}\u{e0042}\ufe0f\u{e0100}',
  `stacked marks: Z${'\u0301'.repeat(MARKS)}`,
  `a long word: ${'x'.repeat(2000)}`,
  'html and links: <script>alert(1)</script> [click](javascript:alert(1)) ![pixel](https://evil.example/p.png)',
  'spreadsheet: =HYPERLINK("https://evil.example","ok")',
  'a lone escape at the very end: \u001b',
].join('\n\n');

/** A provider name with such an attack. */
export const HOSTILE_PROVIDER = 'Sandbox\u001b[2J\u202e\nevil';
