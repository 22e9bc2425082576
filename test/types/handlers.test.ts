import { type CompileError, compile } from '../support/compile.ts';

/** What stands before each case: modules of handlers, and a table that is whole. */
const before = `
import { Stack } from 'aws-cdk-lib';
import type { Handler } from 'project/lambda/handlers/handler.ts';
import { defineHandlers, unrouted } from 'project/lambda/handlers/define-handlers.ts';
import type { EventType } from 'project/lambda/zavu/catalogue.ts';
import { ZavuWebhooks } from 'project/lib/zavu-webhooks.ts';
const file = import.meta.url;
type Load<T extends EventType> = () => Promise<{ handler: Handler<T> }>;
declare const defaults: { readonly [T in EventType]: { worker: 'inbound' | 'delivery'; load: Load<T> } };
const inbound = async () => ({ handler: (async ({ data }) => void data.text) as Handler<'message.inbound'> });
const failed = async () => ({ handler: (async ({ data }) => void data.errorCode) as Handler<'message.failed'> });
declare const name: string;
const stack = new Stack();
const handlers = defineHandlers(file, { ...defaults, 'call.failed': { worker: 'calls', load: failed as never } });
const zavu = new ZavuWebhooks(stack, 'Zavu', { handlers });
`.trim();

const taken: readonly string[] = [
  `defineHandlers(file, defaults)`,
  `defineHandlers(file, { ...defaults, 'message.inbound': { worker: 'support', load: inbound } })`,
  `defineHandlers(file, { ...defaults, 'call.failed': unrouted })`,
  `defineHandlers(file, { ...defaults, 'message.failed': { worker: 'a1b2c3', load: failed } })`,
  // What is no literal is judged at synthesis.
  `defineHandlers(file, { ...defaults, 'message.inbound': { worker: name, load: inbound } })`,
  `defineHandlers(file, defaults, { draining: ['formerly', 'inbound'] })`,
  `new ZavuWebhooks(stack, 'Own', { handlers, workers: { calls: { memoryMb: 512 }, inbound: {} } })`,
  `new ZavuWebhooks(stack, 'Own', { handlers: defineHandlers(file, defaults, { draining: ['old'] }), workers: { old: {} } })`,
  `zavu.workers.calls.function.addEnvironment('A', 'b')`,
  `zavu.workers.inbound.deadLetterQueue.queueName`,
  `const rebuilt: Handler<'call.failed'> = async (_, { reconciled }) => void (reconciled satisfies boolean)`,
];

const rule = 'a worker is named by lowercase letters and digits, a letter first';

const refused: readonly [string, string, string][] = [
  [
    `const { 'call.failed': _, ...rest } = defaults; defineHandlers(file, rest)`,
    'TS2741',
    `Property '"call.failed"' is missing`,
  ],
  [
    `const { 'call.failed': _, ...rest } = defaults; defineHandlers(file, { ...rest })`,
    'TS2741',
    `Property '"call.failed"' is missing`,
  ],
  [
    `defineHandlers(file, { ...defaults, 'message.queued': { worker: 'inbound', load: failed } })`,
    'TS2322',
    `is not assignable to type 'Handler<"message.queued">'`,
  ],
  [
    `defineHandlers(file, { ...defaults, 'message.inbond': { worker: 'inbound', load: inbound } })`,
    'TS2353',
    `'message.inbond'' does not exist`,
  ],
  ...['call-billing', 'Calls', 'call_billing', '1st', '', 'none', 'unrouted'].map(
    (worker): [string, string, string] => [
      `defineHandlers(file, { ...defaults, 'message.inbound': { worker: '${worker}', load: inbound } })`,
      'TS2322',
      rule,
    ],
  ),
  [`defineHandlers(file, defaults, { draining: ['call-billing'] })`, 'TS2322', rule],
  [
    `new ZavuWebhooks(stack, 'Own', { handlers, workers: { inbond: {} } })`,
    'TS2561',
    `Did you mean to write 'inbound'?`,
  ],
  [`zavu.workers.inbond.function`, 'TS2551', `Did you mean 'inbound'?`],
  [`zavu.workers.billing.function`, 'TS2339', `Property 'billing' does not exist`],
  [`new ZavuWebhooks(stack, 'Own', {})`, 'TS2741', `Property 'handlers' is missing`],
  [`new ZavuWebhooks(stack, 'Own', { handlers, settings: { throtleRate: 3 } })`, 'TS2561', `throttleRate`],
];

const cases = [...taken, ...refused.map(([code]) => code)];
const nameOf = (code: string) => `case-${cases.indexOf(code)}.ts`;
let errors: readonly CompileError[];
beforeAll(async () => {
  errors = await compile(
    Object.fromEntries(cases.map((code) => [nameOf(code), `${before}\n${code};\nexport {};\n`])),
  );
});

const errorsOf = (code: string) => errors.filter(({ file }) => file === nameOf(code));

test.each(taken)('%s compiles', (code) => {
  expect(errorsOf(code)).toEqual([]);
});

test.each(refused)('%s does not compile: %s, %s', (code, number, sentence) => {
  const [error, ...others] = errorsOf(code);
  expect(error).toMatchObject({ code: number, message: expect.stringContaining(sentence) });
  expect(others).toEqual([]);
});
