import { expect, test } from 'vitest';
import type { TagFilter } from '../../../src/core/routing/target.ts';
import { answerOf, group, question, scriptedTargets, tableOf, target } from '../../support/scripted-targets.ts';

const FREE = 'openai:free';
const PAID = 'openai:paid';
const EU = 'mistral:eu';
const REST = 'openai:rest';
const SCRIPTS = Object.fromEntries([FREE, PAID, EU, REST].map((model) => [model, [answerOf(model)]]));

function asked(tagFilter: TagFilter | undefined, hasDefault: boolean) {
  const targets = [
    target(FREE, { tags: ['free'] }),
    target(PAID, { tags: ['paid'] }),
    target(EU, { tags: ['paid', 'eu'] }),
    target(REST, hasDefault ? { tags: ['default'] } : {}),
  ];
  const { ask, order } = scriptedTargets(tableOf([group('chat', targets), group('plain', [REST])], { tagFilter }), SCRIPTS);
  return async (tags: readonly string[], model = 'chat') => {
    const { error } = await ask(question(model), { caller: { tags } });
    return error ?? order().at(-1);
  };
}

test('a request goes to the targets that have one of its tags, or all of them', async () => {
  const any = asked('any', true);
  expect([await any(['free']), await any(['paid']), await any(['eu', 'other'])]).toEqual([FREE, PAID, EU]);
  const all = asked('all', true);
  expect([await all(['paid']), await all(['paid', 'eu']), await all(['free', 'eu'])]).toEqual([PAID, EU, REST]);
  // Without the filter, tags are only for reports and budgets.
  expect(await asked(undefined, true)(['paid'])).toBe(FREE);
});

test('the tag default stands for no tags and for unknown ones; without it, unknown ones have no target', async () => {
  const some = asked('any', true);
  expect([await some([]), await some(['unknown'])]).toEqual([REST, REST]);
  const none = asked('any', false);
  expect(await none([])).toBe(FREE);
  for (const model of ['chat', 'plain'])
    expect(await none(['unknown', 'other'], model)).toMatchObject({
      status: 404,
      message: expect.stringContaining('openai:rest: it does not have any of the tags unknown, other') as string,
    });
});

test('the plan of one request is not used for another one with other tags, nor a fallback without them', async () => {
  const table = tableOf([group('one', [target(FREE, { tags: ['free'] })], { fallbacks: ['two'] }), group('two', [PAID])], {
    tagFilter: 'any',
  });
  const { ask, order } = scriptedTargets(table, SCRIPTS);
  expect((await ask(question('one'), { caller: { tags: ['free'] } })).error).toBeUndefined();
  expect((await ask(question('one'), { caller: { tags: ['paid'] } })).error).toMatchObject({ status: 404 });
  expect(order()).toEqual([FREE]);
});
