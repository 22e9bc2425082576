import { readStackName } from '../../../cli/shared/stack-name.ts';

test.each([
  [{}, undefined],
  [{ stage: 'prod' }, { stack: 'ZavuWebhooks-prod', construct: undefined }],
  [{ port: '3000' }, undefined],
  [
    { stack: 'Mine', profile: 'p', region: 'us-east-1' },
    { stack: 'Mine', construct: undefined },
  ],
  [{ stack: 'Mine/Zavu' }, { stack: 'Mine', construct: 'Zavu' }],
  // As CDK makes an output's name of ids.
  [{ stack: 'Mine/Outer/my-zavu' }, { stack: 'Mine', construct: 'Outermyzavu' }],
  [{ stack: 'Mine/Default' }, { stack: 'Mine', construct: '' }],
])('%j names %j', (choice, named) => {
  expect(readStackName(choice)).toEqual(named);
});

test.each([
  [
    { stage: 'prod', stack: 'Mine' },
    '--stage prod is short for --stack ZavuWebhooks-prod: give --stage or --stack',
  ],
  [{ stack: '' }, '"" names no stack'],
  [{ stack: '/Zavu' }, '"/Zavu" names no stack'],
  [{ stack: 'arn:aws:cloudformation:x' }, 'names no stack'],
  [{ stage: 'pr_42' }, '"ZavuWebhooks-pr_42" names no stack'],
  [{ profile: 'prod' }, 'name it, too, with --stack or --stage'],
  [{ region: 'us-east-1', port: '3000' }, 'name it, too, with --stack or --stage'],
  [{ stage: 'prod', port: '3000' }, '--port chooses a local run'],
])('%j is refused', (choice, sentence) => {
  expect(() => readStackName(choice)).toThrow(sentence);
  expect(() => readStackName(choice)).toThrow(expect.objectContaining({ name: 'UsageError' }));
});
