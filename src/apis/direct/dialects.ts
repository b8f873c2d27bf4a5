import type { Dialect } from '../dialect.ts';
import type { DialectName } from '../vendors.ts';

/** Each is loaded when a vendor of its kind is asked. */
const DIALECTS: Readonly<Partial<Record<DialectName, () => Promise<Dialect>>>> = {
  anthropic: async () => (await import('../anthropic/dialect.ts')).anthropic,
  gemini: async () => (await import('../gemini/dialect.ts')).gemini,
  responses: async () => (await import('../responses/responses.ts')).responses,
  ollama: async () => (await import('../ollama/ollama.ts')).ollama,
  'chat-completions': async () => (await import('../chat-completions/dialect.ts')).chatCompletions,
};

export function loadDialect(name: DialectName): Promise<Dialect> {
  return DIALECTS[name]!();
}
