import { createHandlerLogger } from '../../../lambda/handlers/logger.ts';
import { resources, synthesizeStack } from '../../support/template.ts';

/** The fields of log lines that the stack's metric filters read, as patterns or as dimensions. */
const readByFilters = new Set(
  resources(
    synthesizeStack({
      canary: 'true',
      eventBus: 'true',
      archive: 'true',
      dashboard: 'true',
      reconcile: 'true',
    }),
    'AWS::Logs::MetricFilter',
  ).flatMap(([, { Properties }]) =>
    [...JSON.stringify(Properties).matchAll(/\$\.(\w+)/g)].flatMap(([, name = '']) => name),
  ),
);

test('the fields that metric filters read are found', () => {
  expect([...readByFilters]).toEqual(
    expect.arrayContaining(['message', 'outcome', 'reason', 'scheme', 'lagMs']),
  );
});

test.each([...readByFilters])('no further log field of a handler is called %s', (name) => {
  const extend = () => createHandlerLogger().extend<Record<string, 'word'>>({ [name]: 'word' });
  expect(extend).toThrow(`A log line has ${name} already`);
});
