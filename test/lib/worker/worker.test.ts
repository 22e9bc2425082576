import { globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { createStack, resources, target } from '../../support/template.ts';

jest.unmock('../../../lib/functions/bundle.ts');

/** What docs/handlers.md shows: a worker that differs, and a table that its handlers read. */
const stack = createStack(
  {},
  {
    inbound: {
      memoryMb: 1024,
      timeoutSeconds: 60,
      maxConcurrency: 3,
      environment: { CRM_URL: 'https://crm.example.com' },
    },
  },
);
const customers = new TableV2(stack, 'Customers', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
});
customers.grantReadData(stack.zavu.workers.inbound);
stack.zavu.workers.inbound.function.addEnvironment('CUSTOMERS_TABLE', customers.tableName);

const template = Template.fromStack(stack);
const inbound = part('AWS::Lambda::Function', 'InboundWorkerFunction');
const delivery = part('AWS::Lambda::Function', 'DeliveryWorkerFunction');

test('a worker has its own memory, time, concurrency and variables, and the others do not', () => {
  expect(inbound).toMatchObject({
    MemorySize: 1024,
    Timeout: 60,
    Environment: { Variables: { CRM_URL: 'https://crm.example.com', CUSTOMERS_TABLE: expect.anything() } },
  });
  expect(delivery).toMatchObject({ MemorySize: 512, Timeout: 30 });
  expect(JSON.stringify(delivery)).not.toMatch(/CRM_URL|CUSTOMERS_TABLE/);
});

test('its other numbers follow', () => {
  expect(part('AWS::SQS::Queue', 'InboundWorkerQueue')).toMatchObject({ VisibilityTimeout: 6 * 60 });
  template.resourcePropertiesCountIs(
    'AWS::Lambda::EventSourceMapping',
    { ScalingConfig: { MaximumConcurrency: 3 } },
    1,
  );
  // The first two waits, and three visibility timeouts.
  expect(part('AWS::CloudWatch::Alarm', 'MonitoringQueueBacklogInbound')).toMatchObject({
    Threshold: 60 + 300 + 3 * 360,
  });
});

test('it is granted what its handlers need, and the others are not', () => {
  const reading = resources(template, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    JSON.stringify(Properties).includes('Customers'),
  );
  expect(reading.flatMap(([, { Properties }]) => (Properties.Roles as unknown[]).map(target))).toEqual([
    expect.stringMatching(/^InboundWorkerFunctionRole/),
  ]);
});

test('an entry of its own, in a package elsewhere, is bundled with the dependencies of that package', () => {
  const root = mkdtempSync(join(tmpdir(), 'zavu-package-'));
  mkdirSync(join(root, 'node_modules/greeting'), { recursive: true });
  writeFileSync(join(root, 'node_modules/greeting/index.js'), "export const greeting = 'Of the package';");
  writeFileSync(join(root, 'node_modules/greeting/package.json'), '{"type":"module","main":"index.js"}');
  const entry = join(root, 'worker.ts');
  writeFileSync(
    entry,
    `import { greeting } from 'greeting';
     import { createWorker } from '${join(import.meta.dirname, '../../../lambda/worker/create-worker.ts')}';
     const greet = async () => console.log(greeting);
     export const handler = createWorker({
       'template.approved': greet, 'template.rejected': greet, 'template.status_changed': greet,
     });`,
  );
  const packaged = createStack({}, { templates: { entry } });
  const { directory } = App.of(packaged)?.synth() ?? {};
  const modules = globSync(join(directory ?? '', 'asset.*/index.mjs'));
  const withGreeting = modules.filter((file) => readFileSync(file, 'utf8').includes('Of the package'));
  expect(modules).toHaveLength(4);
  expect(withGreeting).toHaveLength(1);
});

/** Properties of the resource of a type whose logical id begins with `name`. */
function part(type: string, name: string): Record<string, unknown> | undefined {
  return resources(template, type).find(([id]) => id.startsWith(name))?.[1].Properties;
}
