import { type History, simulateHistory } from '../zavu-api/history.ts';
import { type Arrival, hourMs, type SimulatedProject } from './simulated-project.ts';

/** What happens in a project in a day. */
export function historyOf(
  { id: projectId }: SimulatedProject,
  { seed, messages, from }: { seed: number; messages: number; from: number },
): History {
  const senderIds = ['jx7a', 'jx7b'] as const;
  return simulateHistory({ seed, projectId, senderIds, from, to: from + 24 * hourMs, messages });
}

/** After so long all of a simulated day has happened, and is settled. */
export const settledDayMs = 60 * hourMs;

/** A day as it is drawn. */
interface Day {
  seed: number;
  messages: number;
  /** The hour of the day in which the outage begins. @default 1 */
  outageHour?: number;
  arrival?: Arrival;
}

/**
 * A day in a project, from the time of its clock on, of which the webhooks of three hours are lost.
 *
 * @returns how many
 */
export function loadDay(project: SimulatedProject, { seed, messages, outageHour = 1, arrival }: Day): number {
  const from = project.clock.now();
  const outage = { from: from + outageHour * hourMs, to: from + (outageHour + 3) * hourMs };
  return project.load(historyOf(project, { seed, messages, from }), outage, arrival);
}
