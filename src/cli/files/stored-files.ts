import type { TabCandidate } from '../../core/tab-completion/outline.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { readServerNames } from '../../storage/mcp-names.ts';
import { openTemplateStore } from '../../storage/templates.ts';
import { orEmpty } from '../services/or-empty.ts';

/** The templates with what they say of themselves, or the names of the servers; `folder`: that of the settings. */
export function storedFiles(kind: 'template' | 'server', folder: string): readonly TabCandidate[] {
  if (kind === 'server') return orEmpty(() => readServerNames(folder)).map((value) => ({ value, about: '' }));
  const store = openTemplateStore(folder);
  return store.names().map((value) => {
    const [description = ''] = orEmpty(() => [descriptionIn(store.read(value).text)]);
    return { value, about: visibleLine(description) };
  });
}

/** The plain ones, which nearly all are: to load a reader of YAML takes longer than a key press may. */
function descriptionIn(text: string): string {
  const [, quoted, plain] = /^description:[ \t]*(?:"([^"\\\n]*)"|([^"'|>&*!\s][^\n]*))/m.exec(text) ?? [];
  return (quoted ?? plain ?? '').trim();
}
