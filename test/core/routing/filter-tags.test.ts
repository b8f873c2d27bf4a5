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

test('a name can have a filter of its own, or none', async () => {
  const both = [target(FREE, { tags: ['free'] }), target(PAID, { tags: ['paid'] })];
  const asks = (tagFilter: TagFilter | undefined) => {
    const groups = [group('own', both, { tagFilter: 'any' }), group('none', both, { tagFilter: 'none' }), group('as', both)];
    const { ask, order } = scriptedTargets(tableOf(groups, { tagFilter }), SCRIPTS);
    return async (model: string) => {
      await ask(question(model), { caller: { tags: ['paid'] } });
      return order().at(-1);
    };
  };
  const [on, off] = [asks('any'), asks(undefined)];
  expect([await on('own'), await on('none'), await on('as')]).toEqual([PAID, FREE, PAID]);
  expect([await off('own'), await off('none'), await off('as')]).toEqual([PAID, FREE, FREE]);
});

test('the plan of a name with a filter of its own is made for each request', async () => {
  const { ask } = scriptedTargets(tableOf([group('one', [target(FREE, { tags: ['free'] })], { tagFilter: 'any' })]), SCRIPTS);
  expect((await ask(question('one'), { caller: { tags: ['free'] } })).error).toBeUndefined();
  expect((await ask(question('one'), { caller: { tags: ['paid'] } })).error).toMatchObject({ status: 404 });
});

test('a prefix is removed from tags, and a tag that had it needs a target', async () => {
  const targets = [target(FREE, { tags: ['free'] }), target(REST, { tags: ['default'] })];
  const table = tableOf([group('chat', targets)], { tagFilter: 'any', tagPrefix: 'route:' });
  const { ask, order } = scriptedTargets(table, SCRIPTS);
  const asks = async (...tags: string[]) => (await ask(question('chat'), { caller: { tags } })).error ?? order().at(-1);
  expect([await asks('route:free', 'team-a'), await asks('free'), await asks('team-a')]).toEqual([FREE, FREE, REST]);
  expect(await asks('route:paid', 'team-a')).toMatchObject({
    status: 404,
    message: expect.stringContaining('it does not have any of the tags paid, team-a') as string,
  });
});
