import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerPieces, type ApiServer, sendJson, sendPieces, startApiServer } from './api-server.ts';
import { tempFolder } from './temp-home.ts';

export const PRIVATE_KEY = 'not a real private key';

/** Creates a home directory with a key in it and, next to other files, a project. */
export function projectHome(): { home: string; folder: string } {
  const home = tempFolder();
  const folder = join(home, 'project');
  for (const path of ['.ssh', 'project/.git', 'project/src/deep', 'project/app/[id]', 'project/ignored', 'elsewhere']) {
    mkdirSync(join(home, path), { recursive: true });
  }
  const files: Record<string, string> = {
    '.ssh/id_rsa': PRIVATE_KEY,
    'elsewhere/plan.md': 'the other plan',
    'project/notes.md': 'the notes',
    'project/.env': 'TOKEN=1',
    'project/.gitignore': 'ignored/\n*.log\n!keep.log\n',
    'project/debug.log': 'noise',
    'project/keep.log': 'stays',
    'project/ignored/output.md': 'made',
    'project/src/deep/pool-keeper.ts': 'export const pool = 1;',
    'project/app/[id]/page.tsx': 'the page',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(home, path), text);
  symlinkSync('../../.ssh/id_rsa', join(folder, 'src/helper.ts'));
  return { home, folder };
}

/** Starts an API that answers every message with the number of messages so far. */
export function startCountingApi(): Promise<ApiServer> {
  let count = 0;
  return startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
    count += 1;
    return sendPieces(response, answerPieces([`answer ${count}.`], 0.001));
  });
}

/** Returns the text as a terminal with bracketed paste sends it. */
export function paste(text: string): string {
  return `\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`;
}
