import { parseSettingKey } from '../../core/settings/key.ts';
import { rowText, settingRow, settingRows } from '../../core/settings/rows.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { usageError } from '../../errors.ts';
import { configNotes, configTable } from '../../output/setup/config-table.ts';
import { maskKey } from '../../output/text/error.ts';
import { visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Run } from '../register.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx config get`: the value in force on stdout, exact in a pipe. Exit 1 when there is none. */
export const getSetting: Run = async ({ words, options, flags }, context) => {
  const key = parseSettingKey(words[0] ?? '');
  const row = settingRow(context.stores.resolveSettings(flags), key, maskKey);
  const { stdout } = context.terminal.streams;
  if (options['json'] === true) await showJson(context, [], row);
  else if (row.value !== null) await write(stdout, `${stdout.isTTY ? visibleText(rowText(row)) : rowText(row)}\n`);
  return row.value === null ? 1 : 0;
};

/** `orx config set`: stores the parsed value, and says so when the environment wins over it. */
export const setSetting: Run = async ({ words }, context) => {
  const key = parseSettingKey(words[0] ?? '');
  const spec = SETTINGS[key] as SettingSpec<unknown>;
  if (spec.secret === true) {
    throw usageError(
      `${key} is not taken from the command line: other processes can read it there`,
      'store it with: orx auth login',
    );
  }
  await (await context.stores.openSettings()).set(key, spec.parse(words.slice(1).join(' ')));
  const winner = spec.env?.find((name) => (context.env[name] ?? '') !== '');
  if (winner !== undefined)
    await write(context.terminal.streams.stderr, `! ${winner} is set in the environment and wins over the stored ${key}\n`);
  return 0;
};

/** `orx config unset`: also of values that cannot be read any more. */
export const unsetSettings: Run = async ({ words }, context) => {
  const keys = words.map(parseSettingKey);
  await (await context.stores.openSettings()).delete(...keys);
  return 0;
};

/** `orx config list`: a table, or JSON. A value that cannot be used is shown with the reason, and is no failure of the list. */
export const listSettings: Run = async ({ options, flags }, context) => {
  const all = settingRows(context.stores.resolveSettings(flags), maskKey);
  const rows = options['all'] === true ? all : all.filter((row) => row.value !== null);
  if (options['json'] === true) await showJson(context, [], rows);
  else
    await showTable(context, {
      notes: configNotes(rows),
      table: (forTerminal) => configTable(rows, forTerminal ? context.terminal.streams.stdout.columns : undefined),
    });
  return 0;
};

/** `orx config path`. */
export const printPath: Run = async (_, context) => {
  await write(context.terminal.streams.stdout, `${(await context.stores.openSettings()).path}\n`);
  return 0;
};
