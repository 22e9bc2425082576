import * as z from 'zod';
import { dashboardMetrics } from '../../local/aws/cloudwatch/dashboard-metrics.ts';

/** What a dashboard shows, as far as AWS's free tier asks for it. */
export interface DashboardShape {
  /** How many metrics it names. One that it shows several times counts once. */
  metrics: number;
  /** The names of metrics that it searches for. It shows as many of each as are reported. */
  searched: readonly string[];
}

const joinSchema = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

/**
 * Reads what a dashboard shows.
 *
 * @param body its `DashboardBody` in the template
 * @returns undefined if that cannot be read: an app may have dashboards of its own, with any widgets
 */
export function dashboardShape(body: unknown): DashboardShape | undefined {
  try {
    const shown = dashboardMetrics(textOf(body)).map(({ namespace, name, dimensions }) => ({
      name,
      isSearched: Object.values(dimensions).includes(undefined),
      key: JSON.stringify([namespace, name, Object.entries(dimensions)]),
    }));
    const different = [...new Map(shown.map((metric) => [metric.key, metric])).values()];
    const searched = different.filter(({ isSearched }) => isSearched).map(({ name }) => name);
    return { metrics: different.length - searched.length, searched };
  } catch {
    return undefined;
  }
}

/** A text of a template. What only the deployment knows stands in it as a mark, one for each reference. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { data: join } = joinSchema.safeParse(value);
  if (!join) return JSON.stringify(value).replaceAll('"', '');
  const [delimiter, parts] = join['Fn::Join'];
  return parts.map(textOf).join(delimiter);
}
