import type { AlarmState } from './evaluation.ts';
import { Scanner } from './scanner.ts';

/** A rule that the local run does not know, or that CloudWatch refuses. */
export class AlarmRuleError extends Error {}

export interface AlarmRule {
  /** Names or ARNs of the alarms whose state it asks for, each once. */
  alarms: readonly string[];
  /** @param stateOf the state of an alarm, by the name or ARN that the rule has */
  holds(stateOf: (alarm: string) => AlarmState): boolean;
}

type Node = (stateOf: (alarm: string) => AlarmState) => boolean;

const maxBytes = 10_240;
const maxAlarms = 100;
/** Alarms, TRUE and FALSE, and parentheses. */
const maxElements = 500;

/**
 * Reads the rule of a composite alarm: `ALARM(…)`, `OK(…)` and `INSUFFICIENT_DATA(…)` of a name or an ARN, with or
 * without quotes, `TRUE`, `FALSE`, `AND`, `OR`, `NOT` and parentheses.
 *
 * @throws AlarmRuleError for anything else, and beyond the bounds that AWS sets: 10 KB, 100 alarms, 500 elements
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseAlarmRule(rule: string): AlarmRule {
  const elements = rule.match(/\(|\bTRUE\b|\bFALSE\b/g)?.length ?? 0;
  if (Buffer.byteLength(rule) > maxBytes || elements > maxElements) {
    throw new AlarmRuleError(`AWS takes ${maxBytes} bytes and ${maxElements} elements in a rule`);
  }
  const alarms = new Set<string>();
  const scanner = new Scanner(rule);
  const holds = anyOf(scanner, alarms);
  if (scanner.rest) throw unexpected(scanner);
  if (alarms.size > maxAlarms)
    throw new AlarmRuleError(`it has ${alarms.size} alarms; AWS takes ${maxAlarms}`);
  return { alarms: [...alarms], holds };
}

function anyOf(scanner: Scanner, alarms: Set<string>): Node {
  const parts = [allOf(scanner, alarms)];
  while (scanner.take(/OR\b/)) parts.push(allOf(scanner, alarms));
  return (stateOf) => parts.some((holds) => holds(stateOf));
}

function allOf(scanner: Scanner, alarms: Set<string>): Node {
  const parts = [term(scanner, alarms)];
  while (scanner.take(/AND\b/)) parts.push(term(scanner, alarms));
  return (stateOf) => parts.every((holds) => holds(stateOf));
}

function term(scanner: Scanner, alarms: Set<string>): Node {
  if (scanner.take(/NOT\b/)) {
    const holds = term(scanner, alarms);
    return (stateOf) => !holds(stateOf);
  }
  if (scanner.take(/\(/)) {
    const holds = anyOf(scanner, alarms);
    if (!scanner.take(/\)/)) throw unexpected(scanner);
    return holds;
  }
  const constant = scanner.take(/(TRUE|FALSE)\b/);
  if (constant) return () => constant === 'TRUE';
  const state = stateIn(scanner.take(/(ALARM|OK|INSUFFICIENT_DATA)(?=\s*\()/));
  if (!state || !scanner.take(/\(/)) throw unexpected(scanner);
  const alarm = scanner.take(/"[^"]+"/)?.slice(1, -1) ?? scanner.take(/[^\s()"]+/);
  if (!alarm || !scanner.take(/\)/)) throw unexpected(scanner);
  alarms.add(alarm);
  return (stateOf) => stateOf(alarm) === state;
}

function stateIn(word: string | undefined): AlarmState | undefined {
  return word === 'ALARM' || word === 'OK' || word === 'INSUFFICIENT_DATA' ? word : undefined;
}

function unexpected(scanner: Scanner): AlarmRuleError {
  return new AlarmRuleError(
    `the local run does not know what it has at ${scanner.rest.slice(0, 80) || 'its end'}`,
  );
}
