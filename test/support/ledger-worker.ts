// Separate process that works with a ledger: `ledger-worker <spend|crash|write> <folder> <name of this process> <how often> [nobody]`.
import { decimal } from '../../src/decimal.ts';
import { openLedger } from '../../src/storage/ledger/open-ledger.ts';
import { entryOf, holdOf, NOW, resultOf, scopeOf } from './ledger-entries.ts';

const [mode, folder = '', name = '', count = '0', user] = process.argv.slice(2);
// File modes do not restrict root, so the process switches to another user to test what that user may do. It starts as root because Node may be in a
// folder that no other user can read.
if (user === 'nobody' && process.getuid?.() === 0) {
  process.setgid!(65_534);
  process.setuid!(65_534);
}
const ledger = await openLedger({ folder, name: 'ledger' });
const scope = scopeOf();

/** The highest sum of spent and reserved that was ever seen, whether over the limit or not. */
let highest = decimal(0);
const noteHighest = (): void => {
  for (const { spent, reserved } of ledger.standings(scope)) {
    const sum = decimal(spent).plus(reserved);
    if (sum.gt(highest)) highest = sum;
  }
};

if (mode === 'spend') {
  let refused = 0;
  let spent = decimal(0);
  for (let index = 0; index < Number(count); index += 1) {
    const id = `${name}-${index}`;
    const opened = ledger.open(entryOf(id, { conversation: name }), holdOf('0.011', scope));
    noteHighest();
    if (opened.kind === 'refused') refused += 1;
    else {
      const cost = `0.0${1 + (index % 9)}`.slice(0, 4);
      const billed = decimal(cost).div(10);
      spent = spent.plus(billed);
      ledger.settle(id, resultOf(billed.toFixed()));
    }
  }
  noteHighest();
  process.stdout.write(JSON.stringify({ refused, spent: spent.toFixed(), highest: highest.toFixed() }));
  ledger.close();
} else if (mode === 'crash') {
  // The parent may have died without stopping this process.
  const parent = process.ppid;
  for (let index = 0; process.ppid === parent; index += 1) {
    const id = `${name}-${index}`;
    const opened = ledger.open(entryOf(id, { conversation: name, expectedCost: '0.002' }), holdOf('0.003', scope));
    if (index === 0) process.stdout.write('ready');
    if (opened.kind === 'refused') break;
    ledger.noteGeneration(id, `gen-${id}`);
    ledger.renew(id, { amount: '0.004', expiresAt: NOW + 90_000 }, scope);
    ledger.settle(id, resultOf('0.001', { costSource: index % 2 === 0 ? 'billed' : 'estimated' }), NOW + 1000);
  }
} else {
  // Writes until the disk is full; reading still works after that.
  let written = 0;
  try {
    for (; written < Number(count); written += 1) {
      ledger.open(entryOf(`${name}-${written}`, { conversation: 'x'.repeat(1000) }));
    }
    process.stdout.write(JSON.stringify({ written, notices: ledger.notices }));
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const { requests } = ledger.sums({});
    process.stdout.write(JSON.stringify({ written, code, message, requests, notices: ledger.notices }));
  }
}
