// The text form that Prometheus reads (its documentation: "Exposition formats", version 0.0.4).

export type Metric = {
  /** Letters, digits and `_`. */
  name: string;
  help: string;
  kind: "gauge" | "counter";
  samples: readonly { labels?: Readonly<Record<string, string>>; value: number | null }[];
};

export const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

/** What has no value is left out. */
export function writeMetrics(metrics: readonly Metric[]): string {
  return metrics.map(writeMetric).join("");
}

function writeMetric({ name, help, kind, samples }: Metric): string {
  const lines = samples.flatMap(({ labels = {}, value }) =>
    value === null ? [] : [`${name}${writeLabels(labels)} ${value}\n`],
  );
  return `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${kind}\n${lines.join("")}`;
}

function writeLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeText(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
