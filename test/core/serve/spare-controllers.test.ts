import { expect, test } from 'vitest';
import { SpareControllers } from '../../../src/core/serve/spare-controllers.ts';

test('the controller of a request that has ended is used again', () => {
  const controllers = new SpareControllers();
  const first = controllers.take();
  expect(controllers.take()).not.toBe(first);
  controllers.giveBack(first);
  expect(controllers.take()).toBe(first);
  expect(controllers.take()).not.toBe(first);
});

test('one that was aborted is not', () => {
  const controllers = new SpareControllers();
  const first = controllers.take();
  first.abort(new Error('gone'));
  controllers.giveBack(first);
  expect(controllers.take().signal.aborted).toBe(false);
});

test('one whose signal still has a listener is not, so that no other request reaches it', () => {
  const controllers = new SpareControllers();
  const first = controllers.take();
  const listener = (): void => undefined;
  first.signal.addEventListener('abort', listener);
  controllers.giveBack(first);
  expect(controllers.take()).not.toBe(first);
  first.signal.removeEventListener('abort', listener);
  controllers.giveBack(first);
  expect(controllers.take()).toBe(first);
});
