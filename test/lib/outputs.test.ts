import { outputNames } from '../../lib/outputs.ts';
import { everySetting } from '../cfn-lint/every-setting.ts';
import { workerNames } from '../support/handlers.ts';
import { synthesizeStack } from '../support/template.ts';

test('every name is an output of the fullest stack, and every output has a name here', () => {
  const { queueUrl, deadLetterQueueUrl, workerLogGroupName, ...names } = outputNames;
  const expected = [
    ...Object.values(names),
    ...workerNames.flatMap((worker) => [
      queueUrl(worker),
      deadLetterQueueUrl(worker),
      workerLogGroupName(worker),
    ]),
  ];
  expect(Object.keys(synthesizeStack(everySetting).findOutputs('*')).sort()).toEqual(expected.sort());
});
