// Appends lines to a shared log, as one of many processes. argv: the folder, the number of lines, the size of a file and a name. Prints, as JSON, how
// many own lines it has not seen at once, how many lines of all processes at the end, and a hash of their order.
import { createHash } from 'node:crypto';
import { openSharedLog } from '../../src/storage/shared-log.ts';

const [folder = '', count = '0', longestBytes = '0', name = ''] = process.argv.slice(2);

let seen = 0;
let order = '';
let last = '';
const log = openSharedLog(
  {
    apply(line) {
      last = line;
      if (line.startsWith('end')) return;
      seen += 1;
      order = createHash('sha256').update(`${order} ${line}`).digest('hex');
    },
    snapshot: () => JSON.stringify({ seen, order }),
    restore(snapshot) {
      ({ seen, order } = snapshot === '' ? { seen: 0, order: '' } : (JSON.parse(snapshot) as { seen: number; order: string }));
    },
  },
  { folder, longestBytes: Number(longestBytes) },
);
let missed = 0;
for (let index = 0; index < Number(count); index += 1) {
  const line = `${name} ${index}`;
  last = '';
  if (index % 3 === 0) log.tell(line);
  else {
    log.append(line);
    if (last === '') missed += 1;
  }
}
log.append(`end ${name}`);
process.stdout.write(`${JSON.stringify({ missed })}\n`);
// The test closes standard input when all processes have written their lines.
process.stdin.resume().on('end', () => {
  log.append(`end again ${name}`);
  process.stdout.write(`${JSON.stringify({ seen, order })}\n`);
  log.close();
});
