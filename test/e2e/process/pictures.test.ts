import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stableOutput } from '../../../docs/command-blocks.js';
import { recordScene, rowsText } from '../../../docs/record-terminal.js';
import { makeProject } from '../../../docs/run-commands.js';
import { commandOf, fillLedger, SCENES, sceneText } from '../../../docs/scenes.js';
import { tempFolder } from '../../support/temp-home.ts';

const PICTURES = join(import.meta.dirname, '../../../docs/pictures');
const read = (name: string): string => readFileSync(join(PICTURES, name), 'utf8');

/** Returns the text of a picture, without the shapes. */
function textOf(svg: string): string {
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
  return texts.join(' ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Returns its words, without numbers, times and bars. */
const wordsOf = (text: string): string[] =>
  stableOutput(text)
    .split(/\s+/)
    .filter((word) => !/[\d█▁▂▃▄▅▆▇▏▎▍▌▋▊▉─]|LINE|^\.+$/.test(word));

describe.each(Object.entries(SCENES))('the picture of %s', (name, scene) => {
  test('shows what orx shows today: npm run docs', async () => {
    // A moving scene is captured while it moves; everything else runs as fast as possible.
    const project = makeProject(tempFolder(), { speed: scene.isMoving === true ? 1 : 100_000 });
    fillLedger(project);
    // Any moment of a moving scene is fine: a busy machine may miss the moment of the picture.
    const until = scene.isMoving === true ? /done\n/ : scene.until;
    const rows = await recordScene({ ...scene, until }, project, commandOf(scene.args));
    const text = rowsText(rows).join('\n');
    // A receipt wraps where its figures end, and the length of a speed differs.
    const unwrapped = (shown: string): string =>
      sceneText(scene, shown)
        .split(/[\s·]+/)
        .join(' ');
    expect(unwrapped(text)).toBe(unwrapped(read(`${name}.txt`)));
  });

  test.each(['dark', 'light'])('is drawn %s, says SANDBOX, and has every word of the screen', (variant) => {
    const svg = read(`${name}-${variant}.svg`);
    const words = wordsOf(textOf(svg));
    expect(words).toContain('SANDBOX');
    // The variants come from separate runs: they show different moments of a moving scene.
    const shown = scene.isMoving === true ? [] : wordsOf(read(`${name}.txt`));
    expect(shown.filter((word) => !words.includes(word))).toEqual([]);
    expect(svg).toContain(variant === 'dark' ? '#0d1117' : '#ffffff');
  });
});
