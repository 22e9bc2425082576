import { formatEventSources, parseEventSources } from '../../../lambda/pauses/event-sources.ts';

test('event sources are read as they were written', () => {
  const sources = [
    { worker: 'inbound', id: '0d1c2f9e-5ad8-4e31-9d4b-111111111111', longestPauseSeconds: 330_000 },
    { worker: 'a1', id: 'DeliverySource1', longestPauseSeconds: 0 },
  ];
  expect(parseEventSources(formatEventSources(sources))).toEqual(sources);
});

test.each(['', 'inbound', 'inbound:id', 'inbound:id:x', 'inbound:id:1,'])(
  'a text that is none is refused: %j',
  (text) => {
    expect(() => parseEventSources(text)).toThrow('Deploy again.');
  },
);
