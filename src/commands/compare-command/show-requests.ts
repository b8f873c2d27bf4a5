import { laneRequest } from '../../core/compare/compare.ts';
import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { capability } from '../../apis/api.ts';
import { wholeLaneName } from '../../output/compare/lane.ts';
import { jsonText } from '../../output/text/json.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { wireRequestText } from '../turn/show-request.ts';

/**
 * `--dry-run`: prints the requests that would be sent, in the order of the lanes: under headings, or as a JSON array. Sends and
 * records nothing, and needs no key.
 */
export async function showRequests(
  plans: readonly LanePlan[],
  settings: ConnectionSettings,
  format: 'text' | 'json',
  context: Context,
): Promise<number> {
  const api = await context.apis.for(settings).open();
  const describe = capability(api, 'describeCompletion');
  const requests = await Promise.all(plans.map((plan) => describe(laneRequest(plan))));
  const text =
    format === 'json'
      ? jsonText(requests.map((request) => ({ ...request })))
      : requests.map((request, index) => `## ${wholeLaneName(plans[index]!)}\n\n${wireRequestText(request)}`).join('\n');
  await write(context.terminal.streams.stdout, text);
  return 0;
}
