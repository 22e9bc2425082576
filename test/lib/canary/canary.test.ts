import { environmentOf, resources, synthesize } from '../../support/template.ts';

test('the receiver alone is told of the canary, and only if there is one', () => {
  expect(told({ canary: 'true' })).toEqual(['on']);
  expect(told({})).toEqual([]);
});

/** What each function that is told of a canary is told. */
function told(settings: Record<string, unknown>): unknown[] {
  return resources(synthesize(settings), 'AWS::Lambda::Function').flatMap(
    ([, { Properties }]) => environmentOf(Properties).CANARY ?? [],
  );
}
