import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFields } from '../../../lambda/shared/log-fields.ts';
import { receiverOutcomes, workerOutcomes } from '../../../lambda/shared/outcomes.ts';
import type { LogLine } from '../../../local/aws/logs/log-groups.ts';
import { jsonReporter, lineEvents } from '../../../local/report/json-reporter.ts';
import type { Reporter } from '../../../local/report/reporter.ts';

const outcomes = [...receiverOutcomes, ...workerOutcomes];

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/local-run.md'), 'utf8');

const codes = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, code = '']) => code);

/** The cells of a table of the page, by the names in each row's first cell. */
function tableUnder(heading: string): Map<string, string[]> {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.flatMap((row) => {
      const [, first, ...others] = row.split('|');
      return codes(first).map((name) => [name, others] as const);
    }),
  );
}

const fieldsOf = new Map(
  [...tableUnder('Its JSON lines')].map(([event, [, fields]]) => [event, codes(fields)] as const),
);

const written = (writer: LogLine['writer'], text: string): LogLine => ({
  logGroup: '/aws/lambda/f',
  writer,
  functionName: writer === 'function' || writer === 'lambda' ? 'f' : undefined,
  text,
});

const place = { file: 'any.ts', line: 1, column: 1, code: [] };
const failure = { name: 'Error', message: 'any', causes: [], place };

/** Everything that can be reported besides outcomes, each once, with every field that it may have. */
const samples: Record<keyof Reporter, (reporter: Reporter) => void> = {
  ready: (reporter) =>
    reporter.ready(
      'http://127.0.0.1/',
      'whsec_any',
      {
        outputs: {},
        endpoints: {
          sqs: '',
          dynamodb: '',
          secretsManager: '',
          eventBridge: '',
          firehose: '',
          cloudWatch: '',
          logs: '',
          sns: '',
          lambda: '',
        },
        archive: '',
        queues: {},
        tables: [],
        grants: [],
        notRun: [],
        notEmulated: [],
        imported: [],
        secretVariables: [],
        setVariables: [],
        unusedVariables: [],
        workers: [],
      },
      'state.json',
    ),
  started: (reporter) => reporter.started('f', 1),
  logged(reporter) {
    reporter.logged(written('lambda', 'START'));
    reporter.logged(written('api-gateway', '-'));
    reporter.logged(written('firehose', '{}'));
    reporter.logged(written('function', '{"_aws":{}}'));
    reporter.logged(written('function', '{"message":"any"}'));
  },
  failed: (reporter) =>
    reporter.failed('f', 'inbound', {
      reason: 'any',
      events: [],
      backInSeconds: 1,
      uncaught: failure,
      isRejection: true,
      place,
      isWaiting: false,
    }),
  attemptFailed: (reporter) =>
    reporter.attemptFailed({
      id: 'evt_1',
      type: 'any',
      worker: 'inbound',
      attempt: 1,
      attempts: 5,
      ...failure,
    }),
  printed: (reporter) => reporter.printed({ function: 'f', worker: 'inbound', method: 'log', place }),
  memoryExceeded: (reporter) =>
    reporter.memoryExceeded({ function: 'f', worker: 'inbound', usedMb: 2, memoryMb: 1 }),
  throttled: (reporter) => reporter.throttled('f', 'inbound'),
  published: (reporter) =>
    reporter.published({ DetailType: 'any', Detail: '{"id":"evt_1"}', EventBusName: 'any' }),
  granted: (reporter) => reporter.granted({ principal: 'any', action: 'any', resource: 'any' }),
  notified: (reporter) => reporter.notified('any', [], 'any'),
  denied: (reporter) => reporter.denied('any'),
  refused: (reporter) => reporter.refused('any'),
  unchecked: (reporter) => reporter.unchecked('any'),
  alarm: (reporter) =>
    reporter.alarm({
      event: 'alarm',
      name: 'any',
      state: 'ALARM',
      acts: true,
      delivered: true,
      reason: 'any',
      readers: [],
    }),
};

/** The lines of JSON that a reporter writes. */
function linesOf(report: (reporter: Reporter) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  report(jsonReporter((line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line));
}

describe('docs/local-run.md', () => {
  test('has a row for every event that a line may be about, and for no other', () => {
    expect([...fieldsOf.keys()].sort()).toEqual([...lineEvents].sort());
  });

  test('names exactly the fields of each line', () => {
    const reported = Object.values(samples).flatMap(linesOf);
    expect(reported.map(({ event, ...fields }) => [event, Object.keys(fields)])).toEqual(
      reported.map(({ event }) => [event, fieldsOf.get(String(event))]),
    );
    const events = reported.map(({ event }) => event);
    expect([...events, ...outcomes].sort()).toEqual([...lineEvents].sort());
  });

  test.each(outcomes)(
    'names fields of %s that a log line may carry, which come through as they are',
    (outcome) => {
      const names = fieldsOf.get(outcome) ?? [];
      // A name that no log line may carry is left out.
      const given = Object.fromEntries(names.map((name) => [name, 'word']));
      const line = { timestamp: 'any', ...withFields({}, given), level: 'INFO', message: 'event', outcome };
      const [{ event, ...fields } = {}] = linesOf((reporter) =>
        reporter.logged(written('function', JSON.stringify(line))),
      );
      expect(event).toBe(outcome);
      expect(Object.keys(fields).sort()).toEqual([...names].sort());
    },
  );

  test('names every environment variable that the local run reads', () => {
    const sources = readdirSync(join(root, 'local'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'local', file), 'utf8'));
    const read = sources.flatMap((text) =>
      [...text.matchAll(/process\.env\.(\w+)/g)].map(([, name = '']) => name),
    );
    // Functions get it so that their process can start.
    const own = new Set(read.filter((name) => !['PATH', 'NODE_COMPILE_CACHE'].includes(name)));
    expect([...tableUnder('Its environment variables').keys()].sort()).toEqual([...own].sort());
  });
});

test("a handler's own line cannot pass for a line of the local run", () => {
  const line = JSON.stringify({ outcome: 'ready', url: 'http://127.0.0.1/' });
  expect(linesOf((reporter) => reporter.logged(written('function', line)))).toEqual([
    { event: 'log', function: 'f', line },
  ]);
});
