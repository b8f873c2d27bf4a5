// Writes docs/cli.md from what the built program says of itself; with --check only compares. Run it with `npm run docs`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const ORX = new URL('../bin/orx.js', import.meta.url).pathname;
const TARGET = new URL('cli.md', import.meta.url);
const COMMANDS = [
  '',
  'chat',
  'models',
  'price',
  'compare',
  'config',
  'config get',
  'config set',
  'config unset',
  'config list',
  'config path',
];
COMMANDS.push('auth', 'auth login', 'auth status', 'auth logout', 'serve', 'serve keys', 'serve keys create');

const sections = COMMANDS.map((command) => {
  const words = command === '' ? [] : command.split(' ');
  const help = execFileSync(process.execPath, [ORX, ...words, '--help'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return `## orx${command === '' ? '' : ` ${command}`}\n\n\`\`\`\n${help.trimEnd()}\n\`\`\`\n`;
});
const text = `# Every command and flag\n\nMade from \`--help\` by \`npm run docs\`; a test compares the two.\n\n${sections.join('\n')}`;

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('docs/cli.md is not what --help says: npm run docs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, text);
}
