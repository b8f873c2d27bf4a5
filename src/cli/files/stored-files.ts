import type { TabCandidate } from '../../core/tab-completion/outline.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { readServerNames } from '../../storage/mcp-names.ts';
import { openTemplateStore } from '../../storage/templates.ts';
import { orEmpty } from '../services/or-empty.ts';

/** Returns the templates with their descriptions, or the names of the servers. `folder`: the settings folder. */
export function storedFiles(kind: 'template' | 'server', folder: string): readonly TabCandidate[] {
  if (kind === 'server') return orEmpty(() => readServerNames(folder)).map((value) => ({ value, about: '' }));
  const store = openTemplateStore(folder);
  return store.names().map((value) => {
    const [description = ''] = orEmpty(() => [descriptionIn(store.read(value).text)]);
    return { value, about: visibleLine(description) };
  });
}

/** Returns a description in plain YAML, which nearly all are: loading a YAML parser takes too long for a key press. */
function descriptionIn(text: string): string {
  const [, quoted, plain] = /^description:[ \t]*(?:"([^"\\\n]*)"|([^"'|>&*!\s][^\n]*))/m.exec(text) ?? [];
  return (quoted ?? plain ?? '').trim();
}
