import { appendFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { answerMcp } from './mcp-tools.ts';

// MCP server built with the official library and started by orx. It writes the environment it received to a file.
const [, , note, description] = process.argv;
if (note !== undefined) appendFileSync(note, `${JSON.stringify(process.env)}\n`);
const server = new Server({ name: 'weather-server', version: '1.0.0' }, { capabilities: { tools: {} } });
answerMcp(server, description ?? 'The weather of a city.');
await server.connect(new StdioServerTransport());
