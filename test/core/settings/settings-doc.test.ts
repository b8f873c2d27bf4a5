import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingText } from '../../../src/core/settings/setting-text.ts';
import { SETTING_KEYS, SETTINGS } from '../../../src/core/settings/settings.ts';
import type { SettingSpec } from '../../../src/core/settings/spec.ts';

const page = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
/** The page's tables, one row each, without the padding that a formatter adds. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.replace(/\s+/g, ' '));
const code = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);

test.each(SETTING_KEYS)('docs/settings.md describes %s correctly', (key) => {
  const { flags, env, default: fallback, description } = SETTINGS[key] as SettingSpec<unknown>;
  const cells = [
    code(key),
    code(flags),
    (env ?? []).map(code).join(', '),
    code(fallback === undefined ? undefined : settingText(fallback)),
    description,
  ];
  expect(rows).toContain(`| ${cells.join(' | ')} |`.replace(/\s+/g, ' '));
});
