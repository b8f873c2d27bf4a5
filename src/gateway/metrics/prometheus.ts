import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** Units as suffixes of metric names. Source: OpenTelemetry's rules for names in Prometheus. */
const SUFFIXES: Readonly<Record<string, string>> = { s: '_seconds', USD: '_usd', '{token}': '_tokens' };

/** Totals since the start, collected on request. */
export class PrometheusReader extends MetricReader {
  readonly #serializer = new PrometheusSerializer('', false, undefined, true, true);

  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }

  /** Returns all metrics in Prometheus' text format. */
  async text(): Promise<string> {
    const { resourceMetrics } = await this.collect();
    return this.#serializer.serialize(withUnits(resourceMetrics));
  }

  protected override async onShutdown(): Promise<void> {}

  protected override async onForceFlush(): Promise<void> {}
}

function withUnits(all: ResourceMetrics): ResourceMetrics {
  return {
    ...all,
    scopeMetrics: all.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map((metric) => {
        const { descriptor } = metric;
        return {
          ...metric,
          descriptor: { ...descriptor, name: `${descriptor.name}${SUFFIXES[descriptor.unit] ?? ''}`, unit: '' },
        };
      }),
    })),
  };
}
