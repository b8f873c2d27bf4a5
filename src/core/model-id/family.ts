import { routedName } from './direct-name.ts';

/**
 * Models that count tokens alike, told from the name alone: author and the first word of the slug, without version, date, variant, preset
 * or the `~` of an alias. `anthropic/claude-sonnet-4.6` → `anthropic/claude`, `~openai/gpt-mini-latest` → `openai/gpt`, `openai:gpt-5` → `openai/gpt`,
 * `qwen/qwen3-coder:free` → `qwen/qwen`. Any text is a name; capitals make no difference.
 */
export function modelFamily(id: string): string {
  const [name = ''] = routedName(id.trim()).toLowerCase().replace(/^~/, '').split(/[@:]/);
  const slash = name.indexOf('/');
  const author = name.slice(0, slash + 1);
  const slug = name.slice(slash + 1);
  const word = /^\p{L}+/u.exec(slug)?.[0] ?? slug.split(/[-._]/)[0]!;
  return author + word;
}
