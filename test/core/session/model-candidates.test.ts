import { expect, test } from 'vitest';
import { modelCandidates } from '../../../src/core/session/model-candidates.ts';
import { makeModel, outputs as outputsOf } from '../../support/catalogue.ts';

test('only models that a chat can use are offered; one that is named exactly always is', () => {
  const outputs = { chat: ['text'], old: [], picture: ['image'], spoken: ['text', 'audio'] };
  const others = { vector: ['embeddings'], rank: ['rerank'], film: ['video'], voice: ['speech'], words: ['transcription'] };
  const models = Object.entries({ ...outputs, ...others }).map(([name, outputModalities]) =>
    makeModel(`a/${name}`, {}, outputsOf(...outputModalities)),
  );
  const offered = (text: string): string[] => modelCandidates(text, models, {}).map(({ insert }) => insert);
  expect(offered('').toSorted()).toEqual(
    Object.keys(outputs)
      .map((name) => `a/${name}`)
      .toSorted(),
  );
  expect(offered('vect')).toEqual([]);
  expect(offered('a/vector')).toEqual(['a/vector']);
});
