/** The states of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an alarm makes of a period without a value. */
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

interface EvaluationRule {
  /** How many values decide: N. */
  evaluationPeriods: number;
  /** How many of them must breach: M. */
  datapointsToAlarm: number;
  missingData: MissingData;
}

/**
 * How many periods more than the evaluation periods CloudWatch reads. Its page shows five for three, and says of
 * other numbers only that it reads more.
 */
const extraPeriods = 2;

/** How many periods an evaluation reads, so that values are found although some are late or missing. */
export const evaluationRange = (evaluationPeriods: number) => evaluationPeriods + extraPeriods;

/**
 * Decides an alarm's state as CloudWatch does.
 *
 * As many values as there are evaluation periods decide, the most recent ones. If there are fewer, missing ones are
 * filled in, as few as possible. `missing` with breaching values alone is an alarm only if the oldest of them is at
 * least as many periods old as there are datapoints to alarm.
 *
 * @param breaches whether the value of each period breaches the threshold, oldest first; undefined if there is
 *   none
 * @returns undefined if the state stays as it is
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluate(
  breaches: readonly (boolean | undefined)[],
  { evaluationPeriods, datapointsToAlarm, missingData }: EvaluationRule,
): AlarmState | undefined {
  const existing = breaches.filter((each) => each !== undefined).slice(-evaluationPeriods);
  const missing = evaluationPeriods - existing.length;
  const breaching = existing.filter(Boolean).length + (missingData === 'breaching' ? missing : 0);
  if (breaching >= datapointsToAlarm) return 'ALARM';
  const isKnown = missing === 0 || missingData === 'breaching' || missingData === 'notBreaching';
  if (isKnown || existing.includes(false)) return 'OK';
  if (missingData === 'ignore') return undefined;
  const oldest = breaches.indexOf(true);
  const hasLasted = oldest >= 0 && breaches.length - oldest >= datapointsToAlarm;
  return hasLasted ? 'ALARM' : 'INSUFFICIENT_DATA';
}
