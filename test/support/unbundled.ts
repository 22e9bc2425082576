/**
 * Jest's setup of every test file: functions have a line of code in place of their bundles, for bundling takes nearly
 * all the time of a synthesis. A test whose subject is a bundle says `jest.unmock('../../lib/functions/bundle.ts')`.
 */
jest.mock('../../lib/functions/bundle.ts', () => {
  const { Code } = jest.requireActual<typeof import('aws-cdk-lib/aws-lambda')>('aws-cdk-lib/aws-lambda');
  return {
    ...jest.requireActual('../../lib/functions/bundle.ts'),
    bundle: () => ({ code: Code.fromInline('export const handler = null;'), version: 'any' }),
  };
});
