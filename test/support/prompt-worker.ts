// Separate process that types prompts: `prompt-worker <folder> <name> <count> <characters of each>`.
import { openPromptFile } from '../../src/storage/prompt-history.ts';

const [folder = '', name = '', count = '0', characters = '0'] = process.argv.slice(2);
const file = openPromptFile(folder, 10_000);
for (let index = 0; index < Number(count); index += 1) {
  file.add(`${name} ${index} ${'x'.repeat(Number(characters))}`);
  // Reads the file first, as a new conversation does.
  file.read();
}
