import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withFunctions } from '../../build-wrappers.js';

const pack = (body: string): string => `(function(exports,require,module,__packs,__exported){${body}\n})`;

test('wrappers of modules become functions, everything else stays', () => {
  const rest = 'function f(){return[1].map((x)=>{return x})}var g=w((x)=>x),h=w(()=>{},1),i=w(async()=>{}),j=()=>{};';
  expect(withFunctions(pack(`var a=w(()=>{b=1}),c=w((e,m)=>{m.exports=(()=>2)()});${rest}`))).toBe(
    pack(`var a=w(function(){b=1}),c=w(function(e,m){m.exports=(()=>2)()});${rest}`),
  );
});

test('a pack does the same afterwards', () => {
  const text = pack(
    'var w=(f)=>()=>{let m={};f(m,m);return m};var a=w((e)=>{e.a=((x=>x+1)(1))}),b=w((e,)=>{e.b=a().a*2});exports.b=b();',
  );
  const run = (code: string): unknown => {
    const exports = {};
    (runInNewContext(code) as (exports: object) => void)(exports);
    return JSON.stringify(exports);
  };
  expect(run(withFunctions(text))).toBe(run(text));
  expect(run(text)).toBe('{"b":{"b":4}}');
});

test.each(['var a=1', 'export {}', '(()=>{})'])('what is not a pack of modules is refused: %s', (text) => {
  expect(() => withFunctions(text)).toThrow(/pack/);
});

test('the pack of a chat has no arrow function around a module', () => {
  const name = readdirSync('dist').find((each) => /^chat-\w+\.js$/.test(each))!;
  const text = readFileSync(`dist/${name}`, 'latin1');
  const changed = text.replace(/=(\w+)\(function\(\)\{/, '=$1(()=>{');
  expect(changed).not.toBe(text);
  expect(withFunctions(changed)).toBe(text);
});
