import { expect, test } from 'vitest';
import * as groups from '../../../src/core/settings/groups.ts';
import { SETTING_KEYS } from '../../../src/core/settings/settings.ts';

test('every setting belongs to a group, and every key of a group is a setting', () => {
  // These keys are not declared together with others: the key and its command have no flag, the rest stand alone.
  const alone = ['api-key', 'key-command', 'keychain', 'model', 'allow-tools'];
  const grouped = new Set([...alone, ...Object.values(groups).flat()]);
  expect([...grouped].toSorted()).toEqual(SETTING_KEYS.toSorted());
});
