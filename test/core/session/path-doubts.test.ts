import { describe, expect, test } from 'vitest';
import { type Doubt, pathDoubts } from '../../../src/core/session/path-doubts.ts';

const HOME = '/home/ada';
const PROJECT = '/home/ada/work/app';

const doubts = (named: string, real = named): readonly Doubt[] => pathDoubts({ named, real, project: PROJECT, homes: [HOME] });

describe('reasons against sending a file without confirmation', () => {
  test.each<[string, readonly Doubt[]]>([
    [`${PROJECT}/src/a.ts`, []],
    [`${PROJECT}/..notes`, []],
    [`${PROJECT}`, []],
    [`${PROJECT}/.env.example`, []],
    [`${PROJECT}/id_rsa.pub`, []],
    [`${PROJECT}/secrets.ts`, []],
    [`${PROJECT}-other/a.ts`, ['outside']],
    ['/home/ada/work', ['outside']],
    ['/etc/hosts', ['outside']],
    ['/home/ada/.config/tool.toml', ['outside', 'hidden']],
    ['/home/ada/.profile', ['outside', 'hidden']],
    ...[
      '.env',
      '.ENV.local',
      'prod.env',
      'server.pem',
      'id_ed25519',
      '.netrc',
      '.npmrc',
      'credentials',
      'Credentials.json',
      '.git/config',
    ].map((name): [string, readonly Doubt[]] => [`${PROJECT}/${name}`, ['secret']]),
  ])('%s', (path, expected) => expect(doubts(path)).toEqual(expected));

  test('apply to the target of a link as well as its name', () => {
    expect(doubts(`${PROJECT}/a.ts`, `${PROJECT}/b.ts`)).toEqual(['link']);
    expect(doubts(`${PROJECT}/a.ts`, '/home/ada/.ssh/id_rsa')).toEqual(['outside', 'hidden', 'link', 'secret']);
    expect(doubts(`${PROJECT}/.env`, `${PROJECT}/values`)).toEqual(['link', 'secret']);
  });

  test('a project in a hidden folder of the home directory is hidden too', () => {
    const named = '/home/ada/.dotfiles/shell.sh';
    expect(pathDoubts({ named, real: named, project: '/home/ada/.dotfiles', homes: [HOME] })).toEqual(['hidden']);
  });
});
