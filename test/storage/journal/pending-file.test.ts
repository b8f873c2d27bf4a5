import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimPendingFiles, notedEntries, PendingFile } from '../../../src/storage/journal/pending-file.ts';
import type { PendingRecord } from '../../../src/storage/journal/pending-records.ts';
import type { Owner } from '../../../src/storage/files/owner.ts';
import { newConversation, NOW } from '../../support/conversation-entries.ts';
import { entryOf } from '../../support/ledger-entries.ts';
import { ownerOf } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ENTRY: PendingRecord = { kind: 'ledger', job: { kind: 'open', entry: entryOf('e1') } };
const QUESTION: PendingRecord = {
  kind: 'question',
  conversation: newConversation('c1'),
  asked: [{ at: NOW, message: { role: 'user', content: 'line\nbreak \ud800' } }],
  at: NOW,
};
const HEADER = '{"version":1,"host":"here","pid":77}\n';
const isDead = (): boolean => false;
const names = (folder: string): string[] => readdirSync(folder).toSorted();

/** Writes a pending file of a process, as it would be found. */
function fileOf(folder: string, pid: number, content: string, name = 'ledger'): string {
  const path = join(folder, `${name}.pending-${pid}-abc`);
  writeFileSync(path, content);
  return path;
}

function claim(folder: string, owner: Owner, now = Date.now()): (readonly PendingRecord[])[] {
  return claimPendingFiles({ folder, name: 'ledger' }, owner, now).map(({ records, keep }) => {
    keep([]);
    return records;
  });
}

test('is private, in a folder that is created for it, and gives back what was written', () => {
  const folder = join(tempFolder(), 'data');
  const file = new PendingFile({ folder, name: 'ledger' }, ownerOf(77));
  file.append(QUESTION);
  file.append(ENTRY);
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  expect(file.path).toMatch(/ledger\.pending-77-[a-z0-9]+$/);
  // This process still writes it.
  expect(claim(folder, ownerOf(1, isDead))).toEqual([]);
  file.leave();
  expect(claim(folder, ownerOf(1, isDead))).toEqual([[QUESTION, ENTRY]]);
  expect(names(folder)).toEqual([]);
});

test('is replaced by what is kept, and deleted without a trace', () => {
  const folder = tempFolder();
  const file = new PendingFile({ folder, name: 'ledger' }, ownerOf(77));
  file.append(QUESTION);
  file.append(ENTRY);
  file.keep([ENTRY]);
  expect(readFileSync(file.path, 'utf8')).not.toContain('line');
  expect(() => file.append(ENTRY)).toThrow('closed');
  file.remove();
  expect(names(folder)).toEqual([]);
});

test('belongs to a process that runs, unless it is older than any request', () => {
  const folder = tempFolder();
  const content = `${HEADER}${JSON.stringify(ENTRY)}\n`;
  const path = fileOf(folder, 77, content);
  expect(claim(folder, ownerOf(1))).toEqual([]);
  // The clock was changed in either direction, or another process has the id.
  for (const at of [Date.now() - 16 * 60_000, Date.now() + 16 * 60_000]) {
    writeFileSync(path, content);
    utimesSync(path, at / 1000, at / 1000);
    expect(claim(folder, ownerOf(1))).toEqual([[ENTRY]]);
  }
  // On another machine nobody can ask.
  fileOf(folder, 77, content);
  expect(claim(folder, ownerOf(1, isDead, 'elsewhere'))).toEqual([]);
  // An earlier process had the id of this one.
  fileOf(folder, 1, content);
  expect(claim(folder, ownerOf(1))).toEqual([[ENTRY]]);
  expect(claim(folder, ownerOf(2, isDead))).toEqual([[ENTRY]]);
});

test('goes to one of several processes, and to the next one if that dies too', () => {
  const folder = tempFolder();
  fileOf(folder, 77, `${HEADER}${JSON.stringify(ENTRY)}\n`);
  const place = { folder, name: 'ledger' };
  const [first] = claimPendingFiles(place, ownerOf(5, isDead), Date.now());
  expect(claimPendingFiles(place, ownerOf(6, isDead), Date.now())).toEqual([]);
  // It leaves the rest: the file then has its id.
  first!.keep([ENTRY]);
  expect(names(folder)).toEqual([expect.stringMatching(/^ledger\.pending-5-/)]);
  expect(claim(folder, ownerOf(6))).toEqual([]);
  expect(claim(folder, ownerOf(6, isDead))).toEqual([[ENTRY]]);
  expect(names(folder)).toEqual([]);
});

test('of which a crash left only a part has its complete lines', () => {
  const folder = tempFolder();
  const line = JSON.stringify(ENTRY);
  const contents: [string, readonly PendingRecord[]][] = [
    ['', []],
    [HEADER.slice(0, 9), []],
    [HEADER, []],
    [`${HEADER}${line.slice(0, -5)}`, []],
    [`${HEADER}${line}\n${line.slice(0, 30)}`, [ENTRY]],
    [`${HEADER}${line.replace('"id"', '"ie"')}\n${line}\n${line.replace('entry', 'entrx')}\n`, [ENTRY]],
    [`${HEADER}{"kind":"ledger","job":{"kind":"settle","id":1,"result":{}}}\n`, []],
    [`${HEADER}${line}\nnull\n{"kind":"ledger"}\n{"kind":"question","at":1}\n`, [ENTRY]],
  ];
  for (const [content, records] of contents) {
    fileOf(folder, 77, content);
    expect(claim(folder, ownerOf(1, isDead))).toEqual([records]);
  }
});

test('of a newer orx, of another ledger, and other files stay where they are', () => {
  const folder = tempFolder();
  fileOf(folder, 77, `{"version":2,"host":"here"}\n${JSON.stringify(ENTRY)}\n`);
  fileOf(folder, 78, HEADER, 'ledger-sandbox');
  writeFileSync(join(folder, 'ledger.pending-x'), '');
  const before = names(folder);
  expect(claim(folder, ownerOf(1, isDead))).toEqual([]);
  expect(names(folder)).toEqual(before);
  expect(claim(join(folder, 'missing'), ownerOf(1, isDead))).toEqual([]);
});

test('shows the entries of an ended process also while another process takes the file over', () => {
  const place = { folder: tempFolder(), name: 'ledger' };
  const file = new PendingFile(place, ownerOf(77, isDead, hostname()));
  file.append(QUESTION);
  file.append(ENTRY);
  file.leave();
  const noted = (...pids: number[]) => notedEntries(place, new Set(pids)).map(({ id }) => id);
  expect([noted(77), noted(78), noted()]).toEqual([['e1'], [], []]);
  const [claimed] = claimPendingFiles(place, ownerOf(1, isDead, hostname()), Date.now());
  expect(names(place.folder)).toEqual([expect.stringMatching(/^ledger\.pending-1-/)]);
  expect([noted(77), noted(1)]).toEqual([['e1'], []]);
  claimed!.keep([]);
  expect(noted(77)).toEqual([]);
});
