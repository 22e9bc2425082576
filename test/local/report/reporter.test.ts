import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import type { AlarmEvent } from '../../../local/aws/cloudwatch/alarm-event.ts';
import { jsonReporter } from '../../../local/report/json-reporter.ts';
import { textReporter } from '../../../local/report/text-reporter.ts';

/** A failed invocation of which nothing more is known. */
const died = (reason: string) => ({
  reason,
  events: [],
  backInSeconds: undefined,
  uncaught: undefined,
  isRejection: false,
  place: undefined,
  isWaiting: false,
});

const fires: AlarmEvent = {
  event: 'alarm',
  name: 'MonitoringDeadLettersInbound0A1B2C3D',
  state: 'ALARM',
  acts: true,
  delivered: true,
  readers: ['on-call@example.com', 'arn:aws:sqs:us-east-1:000000000000:Pages'],
};
const unread: AlarmEvent = { ...fires, reason: 'the topic has no subscription', readers: [] };
const clears: AlarmEvent = { ...unread, state: 'OK', delivered: false, reason: 'it has no action for OK' };
/** An alarm that only a composite alarm asks for. */
const part: AlarmEvent = { ...clears, acts: false };

/** What people read of an alarm, without the time. */
function textOf(event: AlarmEvent): string[] {
  const lines: string[] = [];
  textReporter((line) => lines.push(stripVTControlCharacters(line))).alarm(event);
  return lines.map((line) => line.slice('00:00:00'.length).replace(/\s+/g, ' ').trim());
}

test.each([
  [
    'one that fires says whom it tells',
    fires,
    ['alarm fires DeadLettersInbound notifies on-call@example.com, arn:aws:sqs:us-east-1:000000000000:Pages'],
  ],
  [
    'one that nobody reads says why',
    unread,
    ['alarm fires DeadLettersInbound the topic has no subscription'],
  ],
  ['one that clears says so', clears, ['alarm clears DeadLettersInbound it has no action for OK']],
  [
    'a composite has the name of what it watches',
    { ...fires, name: 'EndToEndMonitoringCanaryAlarm34C771DB' },
    ['alarm fires Canary notifies on-call@example.com, arn:aws:sqs:us-east-1:000000000000:Pages'],
  ],
  ['a part of another says nothing', part, []],
])('a line of text about an alarm: %s', (_case, event, lines) => {
  expect(textOf(event)).toEqual(lines);
});

test.each([
  ['inbound', 'inbound', 'timed out after 30 s; its batch comes back'],
  [undefined, 'receiver', 'timed out after 30 s'],
])(
  'a line of text about a failed invocation of %s names no event, but says what becomes of its batch',
  (worker, who, detail) => {
    const lines: string[] = [];
    textReporter((line) => lines.push(stripVTControlCharacters(line))).failed(
      'f',
      worker,
      died('timed out after 30 s'),
    );
    expect(lines.map((line) => line.slice('00:00:00'.length).replace(/\s+/g, ' ').trim())).toEqual([
      `failed ${who} ${detail}`,
    ]);
  },
);

test.each([[fires], [unread], [clears], [part]])('a line of JSON about an alarm has all of it', (event) => {
  const lines: string[] = [];
  jsonReporter((line) => lines.push(line)).alarm(event);
  expect(lines.map((line) => JSON.parse(line))).toEqual([event]);
});

test.each([
  ['WorkersInbound0A1B2C3D', 'inbound', 'inbound', ['workerMemoryMb', 'workers.inbound.memoryMb']],
  ['ReceiverFunction0A1B2C3D', undefined, 'receiver', ['receiverMemoryMb']],
  ['Export0A1B2C3D', undefined, '', ['the MemorySize of Export0A1B2C3D']],
])('the memory of %s: both reports name what to raise', (name, worker, who, settings) => {
  const excess = { function: name, worker, usedMb: 143, memoryMb: 128 };
  const text: string[] = [];
  const json: string[] = [];
  textReporter((line) => text.push(stripVTControlCharacters(line))).memoryExceeded(excess);
  jsonReporter((line) => json.push(line)).memoryExceeded(excess);
  const [read = ''] = text.map((line) => line.slice('00:00:00'.length).replace(/\s+/g, ' ').trim());
  const told = `holds 143 MB and has 128: AWS would kill it. Raise ${settings.join(' or ')}`;
  expect(read).toBe(['memory', who, told].filter(Boolean).join(' '));
  expect(json.map((line) => JSON.parse(line))).toEqual([
    { event: 'memory_exceeded', ...excess, setting: settings.join(', ') },
  ]);
});

describe('what a function prints by console, whose line Lambda makes an object of', () => {
  const timestamp = '2026-11-28T12:00:00.000Z';
  const error = { errorType: 'TypeError', errorMessage: 'no', stackTrace: ['TypeError: no', '    at f'] };

  test.each([
    ['a text', { message: 'hi' }, ['hi']],
    ['a text of two rows', { message: 'a\nb' }, ['a', 'b']],
    ['an object', { message: { a: [1] } }, ['{"a":[1]}']],
    ['nothing', {}, ['undefined']],
    ['an error', { message: error }, ['TypeError: no', '    at f']],
    ['an error with fields', { message: { ...error, code: 7 } }, ['TypeError: no', '    at f', '{"code":7}']],
    ['an error after a text', { message: 'failed: TypeError: no', ...error }, ['failed: TypeError: no']],
    ['a line of its own, with other fields', { message: 'm', stage: 1 }, ['m requestId="r" stage=1']],
  ])('is shown to a person as it was printed: %s', (_, fields, rows) => {
    const lines: string[] = [];
    textReporter((line) => lines.push(stripVTControlCharacters(line))).logged({
      writer: 'function',
      functionName: 'f',
      logGroup: '/aws/lambda/f',
      text: JSON.stringify({ timestamp, level: 'INFO', requestId: 'r', ...fields }),
    });
    expect(lines).toEqual(rows.map((row) => `          ${row}`));
  });
});

describe('what came from outside', () => {
  const hostile = 'evt_\u001b]0;owned\u0007\u001b[2J\u009b1m\u202e\u2066\r\n';
  const line = (fields: object) => ({
    writer: 'function' as const,
    functionName: 'f',
    logGroup: '/aws/lambda/f',
    text: JSON.stringify(fields),
  });

  /** All that can be reported of events, each with the hostile text in it. */
  function reported(of: typeof textReporter): string[] {
    const lines: string[] = [];
    const report = of((each) => lines.push(each));
    report.logged(line({ outcome: 'handled', id: hostile, type: hostile, worker: hostile, reason: hostile }));
    report.logged(line({ outcome: hostile }));
    report.logged(line({ message: hostile, [hostile]: hostile, at: [hostile] }));
    report.logged({ ...line({}), text: hostile });
    report.published({ DetailType: hostile, Detail: JSON.stringify({ id: hostile }), EventBusName: hostile });
    report.failed('f', hostile, died(hostile));
    report.denied(hostile);
    report.refused(hostile);
    report.notified(hostile, [hostile], hostile);
    report.unchecked(hostile);
    report.alarm({ ...fires, readers: [hostile] });
    return lines;
  }

  test('cannot move the cursor of a terminal', () => {
    const lines = reported(textReporter);
    expect(lines).toHaveLength(11);
    // Colors are the report's own.
    const color = new RegExp(`${String.fromCharCode(27)}\\[\\d{1,2}m`, 'g');
    for (const each of lines) expect(each.replace(color, '')).toMatch(/^[\x20-\x7e]+$/);
    expect(lines.join()).toContain('evt_?]0;owned??[2J?1m????');
  });

  test('is whole in lines of JSON, and in ASCII', () => {
    const lines = reported(jsonReporter);
    expect(lines).toHaveLength(11);
    for (const each of lines) expect(each).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'handled', id: hostile, type: hostile });
  });

  test('is cut where it is an id or a type of great length', () => {
    const lines: string[] = [];
    textReporter((each) => lines.push(each)).published({
      DetailType: 'a'.repeat(300_000),
      Detail: JSON.stringify({ id: 'b'.repeat(300_000) }),
    });
    expect(lines.join().length).toBeLessThan(1_000);
  });
});

describe('the banner', () => {
  const nothing = { outputs: {}, archive: '', queues: {}, tables: [], grants: [], workers: [] };
  const none = {
    notRun: [],
    notEmulated: [],
    imported: [],
    secretVariables: [],
    setVariables: [],
    unusedVariables: [],
  };
  const endpoints = {
    sqs: '',
    dynamodb: '',
    secretsManager: '',
    eventBridge: '',
    firehose: '',
    cloudWatch: '',
    logs: '',
    sns: '',
    lambda: '',
  };
  const banner = (lists: typeof none | Record<keyof typeof none, string[]>) => {
    const lines: string[] = [];
    const deployment = { ...nothing, endpoints, ...lists };
    textReporter((line) => lines.push(line)).ready(
      'http://127.0.0.1/',
      'whsec_any',
      deployment,
      'state.json',
    );
    return lines.join('\n');
  };

  test('has a line each for what is not run, what is not emulated and what sets secrets', () => {
    const text = banner({
      notRun: ['DataStack', 'Prod/Data'],
      notEmulated: ['AWS::MQ::Broker (Broker)'],
      imported: ['table customers'],
      secretVariables: ['ZAVU_LOCAL_SECRET_CRM'],
      setVariables: ['CRM_URL'],
      unusedVariables: ['SHOP_URL (no function has it in the template)'],
    });
    expect(text).toContain('\n  Not run here: DataStack, Prod/Data\n');
    expect(text).toContain('\n  Not emulated: AWS::MQ::Broker (Broker)\n');
    expect(text).toContain('\n  Imported, and not here: table customers\n');
    expect(text).toContain('\n  Set by .env.local: CRM_URL\n');
    expect(text).toContain('\n  In .env.local, and not used: SHOP_URL (no function has it in the template)');
    expect(text).toContain('\n  Secrets of your own are set by: ZAVU_LOCAL_SECRET_CRM\n');
  });

  test('has none of them if there is nothing to say', () => {
    expect(banner(none)).not.toMatch(/Not run|Not emulated|Imported|Secrets of|\.env/);
  });
});

test.each([
  ['a pipe has none', false, {}, false],
  ['FORCE_COLOR gives a pipe some', false, { FORCE_COLOR: '1' }, true],
  ['a terminal has some', true, {}, true],
  ['NO_COLOR takes them from a terminal', true, { NO_COLOR: '1' }, false],
])('colours: %s', (_, isTerminal, variables, expected) => {
  const reporter = new URL('../../../local/report/text-reporter.ts', import.meta.url).href;
  const script = `
    import { WriteStream } from 'node:tty';
    const { getColorDepth } = WriteStream.prototype;
    if (${isTerminal}) Object.assign(process.stdout, { isTTY: true, getColorDepth });
    const { textReporter } = await import(${JSON.stringify(reporter)});
    textReporter(console.log).denied('Nobody may');`;
  const env = { PATH: process.env.PATH, TERM: 'xterm-256color', ...variables };
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env }).toString();
  expect(printed).toContain('Nobody may');
  expect(printed.includes('\u001b[')).toBe(expected);
});
