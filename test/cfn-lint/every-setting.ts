/** Every setting that adds a resource: the fullest template, which cfn-lint and the tests judge. */
export const everySetting = {
  alarmEmail: 'on-call@example.com',
  archive: 'true',
  canary: 'true',
  dashboard: 'true',
  reconcile: 'true',
  eventBus: 'true',
  gradualDeployment: 'true',
  noTrafficAlarmHours: '24',
};
