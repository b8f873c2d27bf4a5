import { toolsFingerprint } from '../../core/tools/fingerprint.ts';
import { storedServer } from '../../core/tools/mcp-entry.ts';
import { usageError } from '../../errors.ts';
import { commandsQuestion, serverQuestion } from '../../output/tools/mcp-text.ts';
import type { McpConnection } from '../../tools/mcp-connection.ts';
import type { ToolServices, ToolFile } from '../context/tool-services.ts';

/**
 * Connects to a stored server. If its configuration is not the one that the user agreed to, asks again before anything is
 * started.
 */
export async function connectAgreed(
  name: string,
  services: ToolServices,
  patienceMs: number,
): Promise<{ connection: McpConnection; seen: Readonly<Record<string, string>> | undefined }> {
  const entry = services.servers.list().get(name);
  if (entry === undefined) throw usageError(`unknown MCP server ${name}`, 'list the servers: orx mcp list');
  const server = storedServer(entry.server);
  if (server === undefined)
    throw usageError(`the stored MCP server ${name} is damaged`, `add it again: orx mcp add ${name} --force -- COMMAND`);
  const hash = toolsFingerprint(server);
  if (entry.agreed !== hash) {
    const isAgreed = services.canAsk && (await services.askKey(serverQuestion(name, server), 'yn')) === 'y';
    if (!isAgreed) {
      throw usageError(
        `the command or URL of the MCP server ${name} was changed in ${services.servers.path}`,
        'check it: orx mcp list',
        `add it again: orx mcp add ${name} --force -- COMMAND`,
      );
    }
    await services.servers.update(name, (stored) => stored && { ...stored, agreed: hash });
  }
  return { connection: await services.connect(name, server, patienceMs), seen: entry.seen };
}

/**
 * Throws a usage error unless the user agrees to a file's current commands: by an earlier answer, by the flag, or by an answer
 * now.
 */
export async function agreeToFile(path: string, file: ToolFile, isTrusted: boolean, services: ToolServices): Promise<void> {
  if (file.isOwn || isTrusted || services.trusted.isTrusted(file.hash)) return;
  const isAgreed = services.canAsk && (await services.askKey(commandsQuestion(path, file.commands), 'yn')) === 'y';
  if (!isAgreed) {
    throw usageError(
      `${path} lets a model run commands, and you have not agreed to its current content`,
      'check the file, then agree at a terminal, or trust it for this command: --trust-tools',
    );
  }
  await services.trusted.trust(file.hash, path);
}
