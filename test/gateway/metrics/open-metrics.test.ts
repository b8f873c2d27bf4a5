import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Gauge, type GatewayMetrics, openMetrics } from '../../../src/gateway/metrics/open-metrics.ts';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { failedRequest, servedRequest } from '../../support/served-request.ts';

async function open(env: Record<string, string> = {}): Promise<GatewayMetrics> {
  const metrics = await openMetrics({ env });
  onTestFinished(() => metrics.close());
  return metrics;
}

/** Returns the value of the series that has all these labels. */
function valueOf(text: string, name: string, ...labels: string[]): number | undefined {
  const line = text
    .split('\n')
    .find((one) => (one.startsWith(`${name}{`) || one.startsWith(`${name} `)) && labels.every((label) => one.includes(label)));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const SONNET = 'gen_ai_request_model="anthropic:claude-sonnet-4-6"';

describe('metrics', () => {
  test("count requests, errors, tokens, costs and times, under OpenTelemetry's names", async () => {
    const { observer, text } = await open();
    for (let index = 0; index < 4; index += 1) observer.begin!();
    observer.end(servedRequest());
    observer.end(servedRequest({ retries: 2, fallbacks: 1, attempts: 4 }));
    observer.end(failedRequest());
    const told = await text();
    expect(valueOf(told, 'orx_active_requests')).toBe(1);
    expect(valueOf(told, 'orx_requests_total', 'http_route="chat/completions"', 'http_response_status_code="200"')).toBe(2);
    expect(valueOf(told, 'orx_errors_total', 'error_type="provider.connection"')).toBe(1);
    const labels = [SONNET, 'gen_ai_operation_name="chat"', 'gen_ai_provider_name="anthropic"'];
    expect(valueOf(told, 'gen_ai_server_request_duration_seconds_sum', ...labels)).toBeCloseTo(2.8);
    expect(valueOf(told, 'gen_ai_server_time_to_first_token_seconds_count', ...labels)).toBe(2);
    // One second for the hundred tokens after the first.
    expect(valueOf(told, 'gen_ai_server_time_per_output_token_seconds_sum', ...labels)).toBeCloseTo(0.02);
    expect(valueOf(told, 'gen_ai_client_token_usage_tokens_sum', ...labels, 'gen_ai_token_type="input"')).toBe(3200);
    expect(valueOf(told, 'gen_ai_client_token_usage_tokens_sum', ...labels, 'gen_ai_token_type="output"')).toBe(202);
    expect(valueOf(told, 'orx_cost_usd_total', ...labels)).toBeCloseTo(0.01833);
    expect(valueOf(told, 'orx_cache_read_tokens_total', ...labels)).toBe(600);
    expect(valueOf(told, 'orx_retries_total', ...labels)).toBe(2);
    expect(valueOf(told, 'orx_fallbacks_total', ...labels)).toBe(1);
    expect(valueOf(told, 'orx_overhead_seconds_count')).toBe(3);
    // Prometheus' own format: each line is a comment or a sample.
    for (const line of told.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE|UNIT) .+|[a-z_:]+(\{.*\})? \S+)$/);
  });

  test('have a bounded number of labels, no names from failed requests, and no escape codes', async () => {
    const { observer, text } = await open();
    for (let index = 0; index < 1000; index += 1) {
      observer.end(servedRequest({ model: `made/up-${index}`, target: `made/up-${index}` }));
      observer.end(failedRequest({ model: `never/answered-${index}` }));
    }
    observer.end(servedRequest({ target: 'a\u001b[2J"\n\u202e' }));
    const told = await text();
    expect(told).not.toContain('never/answered');
    const models = new Set([...told.matchAll(/gen_ai_response_model="([^"]*)"/g)].map(([, name]) => name));
    expect(models.size).toBe(201);
    expect(models).toContain('other');
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('read gauges when they are collected', async () => {
    let left = 5;
    const { text, addGauge } = await open();
    const read = (): ReturnType<Gauge['read']> => [{ value: left, labels: { budget: '1' } }];
    addGauge({ name: 'orx.budget.left', unit: 'USD', description: 'Left.', read });
    expect(valueOf(await text(), 'orx_budget_left_usd', 'budget="1"')).toBe(5);
    left = 2;
    expect(valueOf(await text(), 'orx_budget_left_usd', 'budget="1"')).toBe(2);
  });

  test('go to a collector over OTLP if the environment names one', async () => {
    const collector = await startApiServer((_, response) => sendJson(response, 200, {}));
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.origin);
    onTestFinished(() => void vi.unstubAllEnvs());
    const metrics = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, OTEL_SERVICE_NAME: 'mine' });
    metrics.observer.end(servedRequest());
    await metrics.close();
    expect(collector.requests.map(({ url }) => url)).toEqual(['/v1/metrics']);
    const [{ resource, scopeMetrics }] = collector.requests[0]!.json().resourceMetrics;
    expect(resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'mine' } });
    const names = scopeMetrics[0].metrics.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['gen_ai.server.request.duration', 'gen_ai.client.token.usage', 'orx.cost']));
  });
});
