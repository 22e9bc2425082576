/**
 * The name of an alarm as the runbook has it, with the name of the worker that it watches: without what CloudFormation
 * adds to every name, and CDK to the name of a composite alarm.
 */
export function alarmTitle(name: string): string {
  return name.replace(/^\w*?Monitoring|[0-9A-F]{8}$/g, '').replace(/Alarm$/, '');
}
