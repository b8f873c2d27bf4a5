import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPasted, joinDrafts, pastedDraft, typedDraft } from '../../../src/core/session/draft.ts';
import { draftCells, editorDraftOf } from '../../../src/core/session/editor-cells.ts';
import { edit, type Edit, editorDraft, EMPTY_EDITOR } from '../../../src/core/session/editor.ts';
import { EDITS } from '../../../src/core/session/keymap.ts';

const text = fc.string({ unit: fc.constantFrom('a', ' ', '@', '日', '👩‍🔬', '\u0301', '\n'), maxLength: 12 });
const draft = fc
  .array(fc.tuple(text, fc.boolean()), { maxLength: 5 })
  .map((parts) => joinDrafts(...parts.map(([part, wasPasted]) => (wasPasted ? pastedDraft(part) : typedDraft(part)))));

describe('typed and pasted text', () => {
  test('survives the editor: a pasted character never becomes a typed one', () => {
    fc.assert(
      fc.property(draft, (one) => {
        const back = editorDraftOf(draftCells(one));
        expect(back.text).toBe(one.text);
        for (const [start, end] of one.pasted) {
          for (let at = start; at < end; at += 1) expect(isPasted(back, at, at + 1)).toBe(true);
        }
      }),
    );
  });

  test('is known after any keys: the pasted length equals the marked characters left', () => {
    const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
      fc.constantFrom('t', ' ').map((typed): Edit => ({ type: 'insert', text: typed })),
      fc.constantFrom(...Object.values(EDITS)),
      fc.constantFrom('p', 'pp', 'p\np').map((pasted): Edit => ({ type: 'paste', text: pasted.replaceAll('\n', 'p') })),
    );
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40 }), (edits) => {
        const written = editorDraft(edits.reduce(edit, EMPTY_EDITOR));
        for (const [index, letter] of [...written.text].entries()) {
          expect(isPasted(written, index, index + 1)).toBe(letter === 'p');
        }
      }),
    );
  });
});
