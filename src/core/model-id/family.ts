import { routedName } from './direct-name.ts';

/**
 * Returns the family of a model: models of one family count tokens in the same way. Derived from the name alone: author and first word of the
 * slug, without version, date, variant, preset or the `~` of an alias. `anthropic/claude-sonnet-4.6` → `anthropic/claude`,
 * `~openai/gpt-mini-latest` → `openai/gpt`, `openai:gpt-5` → `openai/gpt`, `qwen/qwen3-coder:free` → `qwen/qwen`. Accepts any text and ignores
 * case.
 */
export function modelFamily(id: string): string {
  if (latest?.id !== id) latest = { id, family: familyOf(id) };
  return latest.family;
}

/** Requests follow each other for the same model. */
let latest: { id: string; family: string } | undefined;

function familyOf(id: string): string {
  const [name = ''] = routedName(id.trim()).toLowerCase().replace(/^~/, '').split(/[@:]/);
  const slash = name.indexOf('/');
  const author = name.slice(0, slash + 1);
  const slug = name.slice(slash + 1);
  const word = /^\p{L}+/u.exec(slug)?.[0] ?? slug.split(/[-._]/)[0]!;
  return author + word;
}
