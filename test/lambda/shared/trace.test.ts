import { traceField } from '../../../lambda/shared/trace.ts';

test.each([
  [
    'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    '1-5759e988-bd862e3fe1be46a994272793',
  ],
  ['Sampled=1;Root=1-5759e988-abc', '1-5759e988-abc'],
])('the trace of %s is its root', (header, trace) => {
  expect(traceField(header)).toEqual({ trace });
});

test.each([
  // What Lambda gives a function that is not traced, and one whose request is not recorded.
  ...['Root=1-5759e988-abc', 'Root=1-5759e988-abc;Parent=53995c3f42cd8ad8;Sampled=0'],
  ...[undefined, '', 'Root=;Sampled=1', 'Parent=1;Sampled=1'],
])('there is no trace in %j', (header) => {
  expect(traceField(header)).toEqual({});
});
