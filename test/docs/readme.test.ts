import { synthesizeStack } from '../support/template.ts';
import { readPage } from './page.ts';

const page = readPage('README.md');

test('README.md can be read in a few minutes', () => {
  expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('README.md says how long an event id is remembered', () => {
  const resources = synthesizeStack({}).findResources('AWS::Lambda::Function');
  const seconds = Object.values(resources).flatMap(
    ({ Properties }) => Properties.Environment?.Variables?.IDEMPOTENCY_EXPIRY_SECONDS ?? [],
  );
  expect(seconds.length).toBeGreaterThan(0);
  for (const each of seconds)
    expect(page).toContain(`${Math.floor(Number(each) / 86_400)} days, longer than`);
});
