import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { searchModels } from '../../src/core/models/fuzzy.ts';
import { currentModel, reduceLiveTable, startLiveTable } from '../../src/core/models/live/table.ts';
import { modelsTable } from '../../src/output/models/table.ts';
import { decodeCatalogue } from '../../src/apis/openrouter/decode-catalogue.ts';
import { modelsFrame } from '../../src/ui/models/frame.ts';
import { layoutModels } from '../../src/ui/models/layout.ts';
import { modelCells } from '../../src/ui/models/rows.ts';

/** Real catalogues in the live table. */
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'openrouter-models');
const isPresent = existsSync(FOLDER);
if (!isPresent)
  console.warn('skipped: the recorded catalogues are not beside this project (../shared/fixtures/openrouter-models)');
const FILES = isPresent ? readdirSync(FOLDER).filter((name) => /^models-.*\.json$/.test(name)) : [];
const COLUMNS = ['in', 'out', 'context', 'created', 'modalities'] as const;

describe.skipIf(!isPresent)('recorded catalogues in the live table', () => {
  describe.each(FILES)('%s', (file) => {
    const { models } = decodeCatalogue(readFileSync(join(FOLDER, file), 'utf8'));

    test('every model is found by its id, among the first results', () => {
      const places = models.map(({ id }) => searchModels(models, id).findIndex((model) => model.id === id));
      expect(places.filter((place) => place === -1)).toEqual([]);
      expect(Math.max(...places)).toBeLessThan(10);
    });

    test('every page has its rows, at every width', () => {
      const cells = modelCells(models, modelsTable(models, { columns: ['model', ...COLUMNS], short: true }));
      for (const columns of [60, 80, 120, 200]) {
        const { bodyRows } = layoutModels(30, { pane: 'none', quote: undefined });
        let table = startLiveTable({ models, base: {}, sort: 'price', allColumns: COLUMNS, columns: COLUMNS });
        table = reduceLiveTable(table, { type: 'height', rows: bodyRows });
        const seen = new Set<string>();
        for (let page = 0; (page - 1) * (bodyRows - 1) < models.length; page += 1) {
          const lines = modelsFrame({ table, ageMs: 0 }, cells, layoutModels(30, { pane: 'detail', quote: undefined }), columns);
          for (const line of lines) expect(stringWidth(line.map(({ text }) => text).join(''))).toBeLessThan(columns);
          for (const { id } of table.rows.slice(table.top, table.top + bodyRows)) seen.add(id);
          table = reduceLiveTable(table, { type: 'page', by: 1 });
        }
        expect(seen.size).toBe(models.length);
        expect(currentModel(table)).toBe(table.rows.at(-1));
      }
    });
  });
});
