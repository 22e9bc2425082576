import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResolver } from '../../../local/aws/template/intrinsics.ts';
import { readSeeds } from '../../../local/deployment/seeds.ts';

const resources = {
  Customers0A1B2C3D: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'prod-customers' } },
  OrdersFEDCBA98: { Type: 'AWS::SQS::Queue', Properties: {} },
  ZavuInbound: { Type: 'AWS::SQS::Queue', Properties: {} },
};
const assembly = {
  resources,
  outputs: {},
  guests: new Set(['Customers0A1B2C3D', 'OrdersFEDCBA98']),
  assetDirectory: String,
};
const resolve = createResolver(resources, { queueUrl: String, apiEndpoint: '' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-seeds-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function seedsOf(files: Record<string, string>) {
  mkdirSync(join(folder, 'local/seeds'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'local/seeds', name), text);
  return readSeeds(folder, assembly, resolve);
}

test('an app without the folder has none', () => {
  expect(readSeeds(folder, assembly, resolve)).toEqual([]);
});

test.each(['Customers', 'Customers0A1B2C3D', 'prod-customers'])('%s.json is for the table', (name) => {
  expect(seedsOf({ [`${name}.json`]: '[{"id":"1"}]', 'README.md': '' })).toEqual([
    { logicalId: 'Customers0A1B2C3D', type: 'table', entries: [{ id: '1' }] },
  ]);
});

test('a queue takes texts and objects', () => {
  expect(seedsOf({ 'Orders.json': '["one",{"two":2}]' })).toEqual([
    { logicalId: 'OrdersFEDCBA98', type: 'queue', entries: ['one', { two: 2 }] },
  ]);
});

test.each([
  [
    'Customer.json',
    '[]',
    'Customer.json fits no table or queue beside the webhooks. There is: Customers, Orders.',
  ],
  // Events of Zavu come by a request, which signs them.
  ['ZavuInbound.json', '[]', 'ZavuInbound.json fits no table or queue'],
  ['Customers.json', '{"id":"1"}', 'Customers.json is no array in JSON.'],
  ['Customers.json', '[', 'Customers.json is no array in JSON.'],
  ['Customers.json', '["1"]', 'Customers.json has an entry that is no object.'],
])('%s with %s is refused', (name, text, sentence) => {
  expect(() => seedsOf({ [name]: text })).toThrow(sentence);
});
