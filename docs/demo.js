// The main job without a key: `npm run demo`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ORX = fileURLToPath(new URL('../bin/orx.js', import.meta.url));
const COMMANDS = [
  'compare "Why is the sky blue?" -m deepseek/deepseek-chat -m anthropic/claude-sonnet-4.6 -m openai/gpt-4o-mini',
  'price deepseek/deepseek-chat anthropic/claude-sonnet-4.6 openai/gpt-4o-mini --in 1200 --out 400',
];
// Without a history, a comparison does not wait for a key at its end.
const env = { ...process.env, ORX_HISTORY: 'false' };

for (const command of COMMANDS) {
  process.stdout.write(`\n$ orx --sandbox ${command}\n`);
  const args = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  const { status } = spawnSync(process.execPath, [ORX, '--sandbox', ...args], { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
  if (status !== 0) break;
}
