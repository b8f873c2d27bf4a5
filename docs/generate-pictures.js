// Draws the pictures of the README from real runs against the sandbox: docs/pictures/NAME-dark.svg and NAME-light.svg. A picture that differs
// in times and speeds only stays as it is. Run it with `npm run docs`.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordScene, rowsText } from './record-terminal.js';
import { makeProject } from './run-commands.js';
import { commandOf, fillLedger, SCENES, sceneText } from './scenes.js';
import { terminalPicture } from './terminal-picture.js';

const FOLDER = fileURLToPath(new URL('pictures/', import.meta.url));
const named = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });

for (const [name, scene] of Object.entries(SCENES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const home = mkdtempSync(join(tmpdir(), 'orx-picture-'));
  const project = makeProject(home, { speed: 1 });
  fillLedger(project);
  const title = commandOf(scene.args);
  /** @type {Map<string, string>} */
  const files = new Map();
  let text = '';
  for (const variant of /** @type {const} */ (['dark', 'light'])) {
    const env = { ...project.env, COLORFGBG: variant === 'dark' ? '15;0' : '0;15' };
    const rows = await recordScene(scene, { ...project, env }, title);
    if (text === '') text = rowsText(rows).join('\n');
    files.set(`${name}-${variant}.svg`, terminalPicture(rows, { title, description: scene.description, variant }));
  }
  rmSync(home, { recursive: true });
  const textFile = join(FOLDER, `${name}.txt`);
  const isSame = existsSync(textFile) && sceneText(scene, readFileSync(textFile, 'utf8')) === sceneText(scene, text);
  if (isSame && named.length === 0) continue;
  writeFileSync(textFile, `${text}\n`);
  for (const [file, svg] of files) writeFileSync(join(FOLDER, file), svg);
  process.stdout.write(`docs/pictures/${name}: drawn\n`);
}
