import { expect, test } from 'vitest';
import { nextPage } from '../../../src/core/raw-api/next-page.ts';

const BASE = 'https://api.example/v1';
const after = (path: string, page: unknown): string | undefined => nextPage(new URL(`${BASE}/${path}`), page)?.href;
const rows = (count: number): unknown[] => Array.from({ length: count }, () => ({}));

test.each<[string, unknown, string | undefined]>([
  ['models?limit=2', { data: rows(2), links: { next: '/api/v1/models?limit=2&offset=2' } }, 'models?limit=2&offset=2'],
  ['models?limit=2', { data: rows(2), links: { next: null }, total_count: 9 }, undefined],
  ['models', { data: rows(2), links: { next: '/api/v1/models' } }, undefined],
  // Only the query of the next page is used: the key stays where it is.
  ['models', { links: { next: 'https://evil.example/steal?offset=2' } }, 'models?offset=2'],
  ['models', { links: { next: '//evil.example/?offset=2#x' } }, 'models?offset=2'],
  ['guardrails', { data: rows(3), total_count: 7 }, 'guardrails?offset=3'],
  ['guardrails?offset=3&limit=3', { data: rows(3), total_count: 7 }, 'guardrails?offset=6&limit=3'],
  ['guardrails?offset=6', { data: rows(1), total_count: 7 }, undefined],
  ['guardrails?offset=x', { data: rows(1), total_count: 7 }, undefined],
  ['guardrails', { data: [], total_count: 7 }, undefined],
  ['keys', { data: rows(100) }, 'keys?offset=100'],
  ['keys?offset=100', { data: [] }, undefined],
  ['datasets/session-cost?limit=5', { data: rows(5), meta: {} }, 'datasets/session-cost?limit=5&offset=5'],
  ['activity', { data: rows(5) }, undefined],
  ['files', { data: rows(1), cursor: 'abc', has_more: true }, 'files?cursor=abc'],
  ['files?cursor=abc', { data: rows(1), cursor: null, has_more: false }, undefined],
  ['files', { data: rows(1), has_more: true, last_id: 'f1' }, 'files?after_id=f1'],
  ['key', { data: { label: 'x' } }, undefined],
  ['key', undefined, undefined],
  ['key', 'text', undefined],
])('after %s %j', (path, page, next) => {
  expect(after(path, page)).toBe(next === undefined ? undefined : `${BASE}/${next}`);
});
