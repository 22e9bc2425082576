import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources, synthesizeStack, textOf } from './support/template.ts';

const runbook = readFileSync(join(import.meta.dirname, '../docs/runbook.md'), 'utf8');
const sections = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name.toLowerCase());
const template = synthesizeStack({
  noTrafficAlarmHours: '6',
  canary: 'true',
  archive: 'true',
  reconcile: 'true',
});
const linked = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
  .flatMap((type) => resources(template, type))
  // What tells nobody is a part of another.
  .filter(([, { Properties }]) => Properties.AlarmActions)
  .map(
    ([, { Properties }]) => textOf(Properties.AlarmDescription).match(/docs\/runbook\.md#(\w+)$/)?.[1] ?? '',
  );

test('every alarm has its section, and every section an alarm', () => {
  expect([...new Set(linked)].sort()).toEqual(sections.sort());
});
