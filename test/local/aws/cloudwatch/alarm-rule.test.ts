import fc from 'fast-check';
import { AlarmRuleError, parseAlarmRule } from '../../../../local/aws/cloudwatch/alarm-rule.ts';
import type { AlarmState } from '../../../../local/aws/cloudwatch/evaluation.ts';

const states: Record<string, AlarmState> = { on: 'ALARM', off: 'OK', new: 'INSUFFICIENT_DATA' };
const holds = (rule: string) => parseAlarmRule(rule).holds((name) => states[name] ?? 'OK');

test.each([
  ['ALARM(on)', true],
  ['ALARM("on")', true],
  ['ALARM(off)', false],
  ['OK( "off" )', true],
  ['INSUFFICIENT_DATA(new)', true],
  ['TRUE', true],
  ['FALSE', false],
  ['NOT ALARM(off)', true],
  ['NOT NOT FALSE', false],
  ['ALARM(off) OR ALARM(on)', true],
  ['ALARM(off) AND ALARM(on)', false],
  ['TRUE OR TRUE AND FALSE', true],
  ['(TRUE OR TRUE) AND FALSE', false],
  ['NOT FALSE AND FALSE', false],
  ['(ALARM("on") OR ALARM("off")) AND NOT (OK(on))', true],
])('%s is %s', (rule, expected) => {
  expect(holds(rule)).toBe(expected);
});

test('lists its alarms, each once, by name or ARN', () => {
  const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:on';
  expect(parseAlarmRule(`ALARM("${arn}") OR OK(off) OR OK("${arn}")`).alarms).toEqual([arn, 'off']);
});

test.each([
  ['nothing', ''],
  ['a state that is none', 'BROKEN(on)'],
  ['an operator that is not known', 'ALARM(on) XOR ALARM(off)'],
  ['lower case', 'alarm(on)'],
  ['a function that is not known', 'AT_LEAST(1, ALARM, (on, off))'],
  ['an open parenthesis', '(ALARM(on)'],
  ['no alarm', 'ALARM()'],
  ['more than 100 alarms', Array.from({ length: 101 }, (_, index) => `ALARM(a${index})`).join(' OR ')],
  ['more than 500 elements', Array(501).fill('ALARM(on)').join(' OR ')],
  ['more than 10 KB', `ALARM(${'a'.repeat(10_240)})`],
])('refuses %s', (_case, rule) => {
  expect(() => parseAlarmRule(rule)).toThrow(AlarmRuleError);
});

test('takes as many alarms as AWS does', () => {
  const rule = Array.from({ length: 100 }, (_, index) => `ALARM(a${index})`).join(' OR ');
  expect(parseAlarmRule(rule).alarms).toHaveLength(100);
});

test('throws its own error only, whatever the rule', () => {
  const pieces = fc.constantFrom(
    '(',
    ')',
    'ALARM(on)',
    'OK("off")',
    'AND',
    'OR',
    'NOT',
    'TRUE',
    'FALSE',
    '"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 900 }).map((all) => all.join(' ')),
      ),
      (text) => {
        try {
          expect(typeof holds(text)).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(AlarmRuleError);
        }
      },
    ),
  );
});
