import { expect, test } from 'vitest';
import { isOwnHost } from '../../../src/core/vendors/own-host.ts';

const OWN = [
  'localhost',
  'gpu.localhost',
  '127.0.0.1',
  '127.8.9.1',
  '10.0.0.5',
  '192.168.1.7',
  '172.16.0.1',
  '172.31.255.1',
  '[::1]',
  '[fd12:3456::1]',
  '[fe80::1]',
  'gpubox',
  'gpu.local',
  'gpu.lan',
  'llm.internal',
];
const OTHERS = [
  'ollama.com',
  'www.ollama.com',
  '8.8.8.8',
  '172.32.0.1',
  '172.15.0.1',
  '11.0.0.1',
  '192.169.0.1',
  '[2001:db8::1]',
  'llm.example.com',
  'localhost.example.com',
  '10.0.0.5.example.com',
];

test.each(OWN)('%s is the local network', (host) => expect(isOwnHost(host)).toBe(true));
test.each(OTHERS)('%s is not', (host) => expect(isOwnHost(host)).toBe(false));
