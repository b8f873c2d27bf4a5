import type { ObservableResult } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { VERSION } from '../../version.ts';
import type { RequestObserver } from '../../core/serve/served-request.ts';
import { createInstruments } from './instruments.ts';
import { PrometheusReader } from './prometheus.ts';
import { RequestRecorder } from './record-request.ts';

/** A number that is read when metrics are collected, once for each set of labels. */
export interface Gauge {
  name: string;
  unit?: string | undefined;
  description: string;
  read: () => readonly { value: number; labels: Readonly<Record<string, string>> }[];
}

export interface MetricsOptions {
  env: Readonly<Record<string, string | undefined>>;
}

export interface GatewayMetrics {
  observer: RequestObserver;
  addGauge: (gauge: Gauge) => void;
  /** Returns the metrics in Prometheus' text format. */
  text: () => Promise<string>;
  /** Sends what has not been sent yet. */
  close: () => Promise<void>;
}

/**
 * Collects metrics of requests: for Prometheus, and over OTLP if OpenTelemetry's variables name a collector
 * (`OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`).
 */
export async function openMetrics({ env }: MetricsOptions): Promise<GatewayMetrics> {
  const prometheus = new PrometheusReader();
  const readers: MetricReader[] = [prometheus];
  if (isSet(env['OTEL_EXPORTER_OTLP_ENDPOINT']) || isSet(env['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT']))
    readers.push(await otlpReader(env));
  const provider = new MeterProvider({
    readers,
    resource: resourceFromAttributes({ 'service.name': env['OTEL_SERVICE_NAME'] || 'orx', 'service.version': VERSION }),
  });
  const meter = provider.getMeter('orx', VERSION);
  const recorder = new RequestRecorder(createInstruments(meter));
  return {
    addGauge({ name, unit = '', description, read }) {
      meter.createObservableGauge(name, { unit, description }).addCallback((result: ObservableResult) => {
        for (const { value, labels } of read()) result.observe(value, labels);
      });
    },
    observer: recorder,
    text: () => prometheus.text(),
    // An unreachable collector must not keep the gateway from exiting.
    close: () => provider.shutdown({ timeoutMillis: 2000 }).catch(() => undefined),
  };
}

/** The exporter itself reads OpenTelemetry's other variables. */
async function otlpReader(env: Readonly<Record<string, string | undefined>>): Promise<MetricReader> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
  const every = Number(env['OTEL_METRIC_EXPORT_INTERVAL']);
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    ...(every >= 100 && { exportIntervalMillis: every, exportTimeoutMillis: Math.min(every, 10_000) }),
  });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
