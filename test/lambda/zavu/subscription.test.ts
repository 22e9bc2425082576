import { signatureSteps } from '../../../lambda/zavu/subscription.ts';

test('v1 goes to v2 by way of both', () => {
  expect(signatureSteps('v1', 'v2')).toEqual(['v1+v2', 'v2']);
  expect(signatureSteps('v1+v2', 'v2')).toEqual(['v2']);
  expect(signatureSteps('v2', 'v1')).toEqual(['v1']);
  expect(signatureSteps('v2', 'v2')).toEqual([]);
});
