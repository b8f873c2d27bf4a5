import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { McpScript } from './scripted-mcp.ts';

// MCP server that sends what a file specifies, down to the text of its JSON, and records every line it receives.
const file = process.argv[2]!;
const script = JSON.parse(readFileSync(file, 'utf8')) as McpScript;
const print = (id: unknown, rest: string): void =>
  void process.stdout.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},${rest}}\n`);

if (script.leaves !== undefined) {
  // In its own session and with this server's outputs, so that signals to the server's group do not end it.
  const child = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(script.leaves, String(child.pid));
  child.unref();
}
if (script.staysOn === true) {
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1000);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(`${file}.log`, `${line}\n`);
  const { id, method, params = {} } = JSON.parse(line);
  if (method === 'initialize') {
    const { protocolVersion } = params;
    const capabilities = script.capabilities ?? { tools: {} };
    print(id, `"result":${JSON.stringify({ protocolVersion, capabilities, serverInfo: { name: 'scripted', version: '1' } })}`);
  } else if (method === 'tools/list' && script.pages !== undefined) {
    print(id, `"result":${JSON.stringify(script.pages[params.cursor ?? ''])}`);
  } else if (method === 'tools/call' && script.results?.[params.name] !== undefined) {
    print(id, `"result":${script.results[params.name]}`);
  } else if (id !== undefined) {
    print(id, '"error":{"code":-32601,"message":"Method not found"}');
  }
});
