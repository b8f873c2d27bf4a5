import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { tempFolder } from '../../support/temp-home.ts';

const entry = (name: string, origin = 'http://127.0.0.1:1'): string =>
  `model_list: [{model_name: ${name}, litellm_params: {model: hosted_vllm/m, api_base: "${origin}/v1"}}]\n`;

/** Returns a folder with these files, and a function that checks `config.yaml` in it. */
function folderOf(files: Readonly<Record<string, string>>) {
  const home = tempFolder();
  mkdirSync(join(home, 'config', 'models'), { recursive: true });
  const write = (name: string, text: string): void => {
    const path = join(home, 'config', name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const path = join(home, 'config', 'config.yaml');
  const check = () => runOrx(['serve', '--config', path, '--check-config'], { home });
  return { home, path, write, check };
}

test('a LiteLLM file with others, of which a changed one takes effect', async () => {
  const upstream = await startScriptedUpstream(says(['hello']));
  const { home, path, write } = folderOf({
    'config.yaml': 'include: [models/first.yaml]\nlitellm_settings: {drop_params: true}\n',
    'models/first.yaml': `include: second.yaml\n${entry('first', upstream.origin)}`,
    'models/second.yaml': entry('second', upstream.origin),
  });
  const gateway = await runServe(['--config', path], { home });
  const models = async (): Promise<string[]> => {
    const reply = await fetch(`${gateway.url}/models`, { headers: { authorization: 'Bearer any' } });
    return ((await reply.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  expect(await models()).toEqual(['first', 'second']);
  write('models/second.yaml', `include: third.yaml\n${entry('changed', upstream.origin)}`);
  await gateway.told('cannot include models/third.yaml');
  expect(gateway.stderr()).toContain('; the old configuration stays in effect');
  expect(await models()).toEqual(['first', 'second']);
  // The missing file is watched, too.
  write('models/third.yaml', entry('third', upstream.origin));
  await gateway.told('config.yaml was read again and is now in effect');
  expect(await models()).toEqual(['first', 'changed', 'third']);
  write('models/third.yaml', 'model_list: [\n');
  await expect.poll(gateway.stderr).toContain('models/third.yaml:');
  expect(await models()).toEqual(['first', 'changed', 'third']);
});

test('a missing file, a cycle, a file outside the folder and another type are errors', async () => {
  const errorOf = async (files: Readonly<Record<string, string>>): Promise<unknown[]> => {
    const { code, stderr } = await folderOf(files).check();
    return [code, stderr.split('\n').slice(0, 2).join(' ')];
  };
  expect(await errorOf({ 'config.yaml': 'include: [lost.yaml]\n' })).toEqual([
    2,
    expect.stringMatching(/^error: config\.yaml: cannot include lost\.yaml.*does not exist/),
  ]);
  const cycle = {
    'config.yaml': 'include: [a.yaml]\n',
    'a.yaml': `include: [b.yaml]\n${entry('a')}`,
    'b.yaml': 'include: a.yaml\n',
  };
  expect(await errorOf(cycle)).toEqual([
    2,
    expect.stringMatching(/cannot include a\.yaml.*include each other: config\.yaml → a\.yaml → b\.yaml → a\.yaml/),
  ]);
  expect(await errorOf({ 'config.yaml': 'include: [../../etc/passwd]\n' })).toEqual([
    2,
    expect.stringMatching(/cannot include \.\.\/\.\.\/etc\/passwd.*outside the folder of config\.yaml/),
  ]);
  expect(await errorOf({ 'config.yaml': 'include: [/etc/passwd]\n' })).toEqual([
    2,
    expect.stringContaining('outside the folder'),
  ]);
  expect(await errorOf({ 'config.yaml': 'include: {a: 1}\n' })).toEqual([
    2,
    expect.stringContaining('include must be a path or a list of paths'),
  ]);
  expect(await errorOf({ 'config.yaml': `${entry('a')}include: [b.yaml]\n`, 'b.yaml': 'model_list: [\n' })).toEqual([
    2,
    expect.stringMatching(/^error: b\.yaml:/),
  ]);
  // A file that two others include counts once.
  const shared = {
    'config.yaml': 'include: [a.yaml, b.yaml]\n',
    'a.yaml': 'include: c.yaml\n',
    'b.yaml': 'include: c.yaml\n',
    'c.yaml': entry('c'),
  };
  const good = await folderOf(shared).check();
  expect([good.code, good.stderr, good.stdout.match(/model: /g)]).toEqual([0, '', ['model: ']]);
});

test('a link out of the folder is an error, and one inside it is read', async () => {
  const { home, check } = folderOf({ 'config.yaml': 'include: [linked.yaml]\n', 'real.yaml': entry('inside') });
  const outside = join(tempFolder(), 'private.yaml');
  writeFileSync(outside, entry('outside'));
  symlinkSync(outside, join(home, 'config', 'linked.yaml'));
  expect(await check()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('outside the folder') as string });
  rmSync(join(home, 'config', 'linked.yaml'));
  symlinkSync('real.yaml', join(home, 'config', 'linked.yaml'));
  const checked = await check();
  expect([checked.code, checked.stdout.includes('inside')]).toEqual([0, true]);
});
