import { type CompileError, compile } from '../support/compile.ts';

/** What stands before each case. */
const before = `
import { createHandlerLogger, type HandlerLogger } from 'project/lambda/handlers/logger.ts';
import { createLogger } from 'project/lambda/shared/log.ts';
declare const text: string;
declare const count: number;
declare const state: 'opened' | 'closed';
declare const open: 'opened' | \`closed_by_\${string}\`;
const logger = createHandlerLogger();
const mine = logger.extend({ customerId: 'id', plan: 'word', points: 'number' });
const tell = (log: HandlerLogger<{ customerId: 'id' }>) => log.info('told', { customerId: 'cus_1' });
`.trim();

const taken: readonly string[] = [
  `logger.info('customer_found')`,
  `logger.warn(state)`,
  `logger.info(\`ticket_\${state}\`)`,
  `createLogger().child({ id: 'evt_1' }).error('ticket_opened', { type: 'x', lagMs: 1 })`,
  `logger[count > 1 ? 'warn' : 'info']('ticket_opened', { conversationId: 'c_1' })`,
  `mine.info('told', { customerId: 'cus_1', plan: null, points: 3, outcome: 'handled', messageId: text })`,
  `mine.child({ customerId: 'cus_1' }).child({ worker: 'inbound' }).info('told', { plan: 'gold', points: 1 })`,
  `mine.extend({ seats: 'number' }).info('told', { seats: 1, plan: 'gold', attempt: 1 })`,
  `tell(mine)`,
  `tell(mine.extend({ seats: 'number' }))`,
  `const known: HandlerLogger = mine`,
  `const kind: 'id' = mine.further.customerId`,
];

const literal = 'A log message is a literal such as';

const refused: readonly [string, string, string][] = [
  [`logger.info(text)`, 'TS2345', literal],
  [`logger.info(\`order \${text}\`)`, 'TS2345', literal],
  [`logger.error(\`order_\${count}\`)`, 'TS2345', literal],
  [`logger.warn('order_' + text)`, 'TS2345', literal],
  [`logger.info(open)`, 'TS2345', literal],
  [`createLogger().info(text)`, 'TS2345', literal],
  [`mine.child({ plan: 'gold' }).info(text)`, 'TS2345', literal],
  [`logger.info('Ticket opened')`, 'TS2345', 'A log message is one word such as'],
  [`logger.info('told', { customerId: 'cus_1' })`, 'TS2353', `'customerId' does not exist`],
  [`createLogger().info('told', { customerId: 'cus_1' })`, 'TS2353', `'customerId' does not exist`],
  [`mine.info('told', { customerid: 'cus_1' })`, 'TS2561', `Did you mean to write 'customerId'?`],
  [`mine.child({ pointz: 1 })`, 'TS2561', `Did you mean to write 'points'?`],
  [`mine.info('told', { points: '3' })`, 'TS2322', `'string' is not assignable to type 'number'`],
  [`mine.info('told', { plan: { name: 'gold' } })`, 'TS2322', `is not assignable to type 'string'`],
  [`mine.info('told', { outcome: 'delivered' })`, 'TS2322', `'"delivered"' is not assignable`],
  [
    `mine.extend({ seats: 'number' }).info('told', { seats: '1' })`,
    'TS2322',
    `not assignable to type 'number'`,
  ],
  ...['outcome', 'id', 'type', 'worker', 'level', 'timestamp', 'message'].map(
    (name): [string, string, string] => [
      `logger.extend({ plan: 'word', ${name}: 'word' })`,
      'TS2345',
      `A log line has ${name} already: choose another name`,
    ],
  ),
  [`logger.extend({ origin: 'frames' })`, 'TS2322', `'"frames"' is not assignable to type '"id" |`],
  [`logger.extend({ origin: 'text' })`, 'TS2322', `'"text"' is not assignable to type '"id" |`],
  [`tell(logger)`, 'TS2345', `Property 'customerId' is missing`],
];

let errors: CompileError[];
beforeAll(async () => {
  const sources = [...taken, ...refused.map(([source]) => source)];
  errors = await compile(
    Object.fromEntries(sources.map((source, index) => [`case${index}.ts`, `${before}\n${source};\n`])),
  );
});

/** The errors of a case, without its file's name. */
const errorsOf = (index: number) =>
  errors.filter(({ file }) => file === `case${index}.ts`).map(({ file: _, ...error }) => error);

test.each(taken.map((source, index) => [source, index] as const))('%s compiles', (_source, index) => {
  expect(errorsOf(index)).toEqual([]);
});

test.each(refused.map((each, index) => [...each, taken.length + index] as const))(
  '%s does not compile: %s, %s',
  (_source, code, sentence, index) => {
    const line = before.split('\n').length + 1;
    expect(errorsOf(index)).toEqual([{ line, code, message: expect.stringContaining(sentence) }]);
  },
);
