// Separate process that writes a conversation: `conversation-worker <folder> <conversation> <name> <turns>`. With `crash` as the last argument it
// continues until it is killed.
import { openConversations } from '../../src/storage/conversations/open-conversations.ts';
import { finished, newConversation } from './conversation-entries.ts';

const [folder = '', id = '', name = '', turns = '0'] = process.argv.slice(2);
const store = await openConversations({ folder, name: 'conversations', now: Date.now });
const count = turns === 'crash' ? Number.POSITIVE_INFINITY : Number(turns);
// The parent may have died without stopping this process.
const parent = process.ppid;
for (let turn = 0; turn < count && process.ppid === parent; turn += 1) {
  const at = Date.now();
  const question = { at, message: { role: 'user' as const, content: `${name} asks ${turn}` } };
  const { answer } = store.begin(newConversation(id), [question], at);
  for (const text of ['so ', 'it ', 'is ']) store.append(answer, { text: `${text}${name} `, reasoning: '' });
  if (turn === 0) process.stdout.write('ready');
  store.finish(answer, finished(`${name} answers ${turn}`));
}
store.close();
