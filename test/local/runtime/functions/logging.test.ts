import { loggingOf } from '../../../../local/runtime/functions/logging.ts';

test.each([
  ['nothing', undefined, { format: 'Text' }],
  ['a group alone', {}, { format: 'Text' }],
  ['text', { LogFormat: 'Text' }, { format: 'Text' }],
  ['JSON', { LogFormat: 'JSON' }, { format: 'JSON', application: 'INFO', system: 'INFO' }],
  [
    'JSON and levels',
    { LogFormat: 'JSON', ApplicationLogLevel: 'ERROR', SystemLogLevel: 'WARN' } as const,
    { format: 'JSON', application: 'ERROR', system: 'WARN' },
  ],
])('a template that says %s of the log', (_what, config, logging) => {
  expect(loggingOf(config)).toEqual(logging);
});
