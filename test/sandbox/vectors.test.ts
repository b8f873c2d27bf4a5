import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capability } from '../../src/apis/api.ts';
import { simulatedRelevance, simulatedVector } from '../../src/sandbox/vectors.ts';
import { fastSandbox, play, userRequest } from '../support/sandbox.ts';

const SMALL = 'openai/text-embedding-3-small';
const RERANK = 'cohere/rerank-v3.5';
const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0);

describe('a simulated vector', () => {
  test('has length 1 and 32-bit floats, and depends only on the text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.integer({ min: 1, max: 64 }), (text, dimensions) => {
        const vector = simulatedVector(text, dimensions);
        expect(vector).toEqual(simulatedVector(text, dimensions));
        expect(vector).toHaveLength(dimensions);
        expect(vector.map(Math.fround)).toEqual(vector);
        expect(dot(vector, vector)).toBeCloseTo(1, 5);
      }),
    );
    // Pinned, because users see any change.
    expect(simulatedVector('a cat', 4)).toEqual([-0.84009963, -0.37583405, -0.2874025, 0.2652946].map(Math.fround));
  });

  test('is near that of a similar text', () => {
    const of = (text: string): number[] => simulatedVector(text, 1536);
    const question = of('How do I return a product for a refund?');
    const near = dot(question, of('Refund: you can return any product within 30 days.'));
    const far = dot(question, of('Our office in Berlin opens at nine.'));
    expect(near).toBeGreaterThan(0.3);
    expect(far).toBeLessThan(0.15);
  });
});

test('a simulated relevance is from 0 to 1, and highest for the query itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (query, document) => {
      const score = simulatedRelevance(query, document);
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(1);
      expect(score).toBeLessThanOrEqual(simulatedRelevance(query.trim() === '' ? 'x' : query, query.trim() === '' ? 'x' : query));
    }),
  );
});

describe('the sandbox', () => {
  test('charges for the tokens of embeddings and the searches of rankings, and records both', async () => {
    const sandbox = fastSandbox();
    const embeddings = await capability(sandbox, 'embed')({ model: SMALL, inputs: ['one two', 'three'], dimensions: 8 });
    expect(embeddings).toMatchObject({ model: SMALL, provider: 'OpenAI', usage: { promptTokens: 3, cost: '0.00000006' } });
    expect(embeddings.vectors).toEqual([simulatedVector('one two', 8), simulatedVector('three', 8)]);
    expect(await sandbox.getGeneration!(embeddings.id!)).toMatchObject({ cost: '0.00000006', promptTokens: 3 });
    const documents = ['about dogs', 'about cats', ...Array.from({ length: 99 }, () => 'other')];
    const ranking = await capability(sandbox, 'rerank')({ model: RERANK, query: 'cats', documents, top: 2 });
    expect(ranking.results.map(({ index }) => index)).toEqual([1, 0]);
    expect(ranking.usage).toMatchObject({ searchUnits: 2, cost: '0.002' });
    expect((await sandbox.account!.getCredits()).totalUsage).toBe('0.00200006');
  });

  test('refuses what a model does not offer, too many dimensions, a text that is too long, and a policy', async () => {
    const sandbox = fastSandbox();
    const embed = capability(sandbox, 'embed');
    const asked = { model: SMALL, inputs: ['a'] };
    await expect(embed({ ...asked, model: 'openai/gpt-4o' })).rejects.toMatchObject({ status: 400 });
    await expect(embed({ ...asked, model: 'nobody/nothing' })).rejects.toMatchObject({ status: 400 });
    await expect(embed({ ...asked, dimensions: 1537 })).rejects.toThrow(/at most 1536 dimensions/);
    await expect(embed({ ...asked, inputs: ['a', 'word '.repeat(9000)] })).rejects.toMatchObject({ reason: 'context-length' });
    await expect(embed({ ...asked, routing: { zeroDataRetention: true } })).rejects.toMatchObject({ kind: 'no-endpoint' });
    // The limit applies to each text.
    expect((await embed({ ...asked, inputs: ['word '.repeat(5000), 'word '.repeat(5000)] })).vectors).toHaveLength(2);
    await expect(capability(sandbox, 'rerank')({ model: SMALL, query: 'a', documents: ['b'] })).rejects.toMatchObject({
      status: 400,
    });
    expect((await play(sandbox, userRequest(SMALL))).error).toMatchObject({ status: 400, kind: 'usage' });
  });

  test('fails as its special models do', async () => {
    const sandbox = fastSandbox();
    const embed = capability(sandbox, 'embed');
    await expect(embed({ model: 'sandbox/no-credits', inputs: ['a'] })).rejects.toMatchObject({ kind: 'credits' });
    const once = { model: 'sandbox/fails-once', inputs: ['a'] };
    await expect(embed(once)).rejects.toMatchObject({ status: 503, isRetryable: true });
    expect((await embed(once)).vectors).toHaveLength(1);
    const stop = new AbortController();
    const silent = embed({ model: 'sandbox/silence', inputs: ['a'] }, { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(silent).rejects.toThrow('stopped');
  });
});
