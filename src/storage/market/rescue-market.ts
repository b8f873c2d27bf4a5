import type { RecoveredTables } from '../sqlite/recover/recover-tables.ts';
import { takeOverRows } from '../sqlite/recover/take-over-rows.ts';
import type { Sql } from '../sqlite/sql.ts';

/** Takes over the past catalogues that were recovered of a damaged database. */
export function takeOverMarket(damaged: RecoveredTables, fresh: Sql): string {
  takeOverRows(damaged, fresh, { name: 'source', columns: ['id', 'name'] });
  for (const { row, values } of damaged.indexRows('sqlite_autoindex_source_1')) {
    fresh.run('INSERT OR IGNORE INTO source (id, name) VALUES (?, ?)', [row, String(values['name'])]);
  }
  takeOverRows(damaged, fresh, { name: 'content', columns: ['id', 'fingerprint', 'wire'] });
  const snapshots = takeOverRows(damaged, fresh, { name: 'snapshot', columns: ['source', 'since', 'until', 'models'] });
  takeOverRows(damaged, fresh, { name: 'listing', columns: ['source', 'model', 'since', 'until', 'content'] });
  const broken = fresh.run('DELETE FROM content WHERE NOT json_valid(wire)');
  if (broken > 0) damaged.addProblem(`${broken} ${broken === 1 ? 'description' : 'descriptions'} of models are damaged`);
  fresh.run('DELETE FROM listing WHERE content NOT IN (SELECT id FROM content)');
  return `${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'}`;
}
