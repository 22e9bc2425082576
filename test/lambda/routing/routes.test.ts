import fc from 'fast-check';
import { Routes } from '../../../lambda/routing/routes.ts';
import { handlers, routes, workerNames } from '../../support/handlers.ts';

/** Routes as a table may have them: workers with types of their own, or with none. */
const drawnRoutes = fc
  .tuple(
    fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/), { minLength: 1, maxLength: 12 }),
    fc.uniqueArray(fc.stringMatching(/^[\w.-]{1,30}$/), { maxLength: 30 }),
    fc.array(fc.nat(11), { minLength: 30, maxLength: 30 }),
  )
  .map(([names, types, owners]) =>
    names.map(
      (name, at) =>
        [name, types.filter((_, index) => (owners[index] ?? 0) % names.length === at)] as [string, string[]],
    ),
  );

test('what carries routes as text gives the same routes, whatever they are', () => {
  fc.assert(
    fc.property(drawnRoutes, (given) => {
      const text = new Routes(given).toString();
      // As it comes through a function's variable and through an output.
      expect(text).toMatch(/^[\w.,;=-]+$/);
      const parsed = Routes.parse(text);
      expect(parsed.toString()).toBe(text);
      expect(parsed.workers).toEqual(given.map(([name]) => name));
      expect(parsed.receivingWorkers).toEqual(given.flatMap(([name, types]) => (types.length ? [name] : [])));
      expect(parsed.types).toEqual(given.flatMap(([, types]) => types));
      for (const [name, types] of given) {
        expect(parsed.typesOf(name)).toEqual(types);
        for (const type of types) expect(parsed.workerFor(type)).toBe(name);
      }
    }),
  );
});

test.each([
  '',
  'inbound',
  '=message.inbound',
  'Inbound=message.inbound',
  'in-bound=message.inbound',
  '1=message.inbound',
  'inbound=message inbound',
  'inbound=message.inbound;',
  ';inbound=message.inbound',
  'inbound=a=b',
  'inbound=a\n',
  '{"inbound":["message.inbound"]}',
])('%j is no routes, and it is said what to do', (text) => {
  expect(() => Routes.parse(text)).toThrow('worker=type,type;worker=type. Deploy again: `npx cdk deploy`.');
});

test('a worker without types gets no new events, and is there', () => {
  const some = Routes.parse('inbound=message.inbound;templates=');
  expect(some.workers).toEqual(['inbound', 'templates']);
  expect(some.receivingWorkers).toEqual(['inbound']);
  expect(some.typesOf('templates')).toEqual([]);
  expect(some.types).toEqual(['message.inbound']);
});

test.each(['constructor', '__proto__', 'toString', 'message.tomorrow'])(
  '%s is the type of no worker, and no worker',
  (name) => {
    expect(routes.workerFor(name)).toBeUndefined();
    expect(routes.typesOf(name)).toEqual([]);
  },
);

test('an event type may have the name of a member of every object', () => {
  const odd = Routes.parse('inbound=constructor,__proto__');
  expect(odd.workerFor('__proto__')).toBe('inbound');
  expect(odd.workerFor('constructor')).toBe('inbound');
  expect(odd.workerFor('toString')).toBeUndefined();
});

test('every routed type has its worker', () => {
  for (const [type, entry] of Object.entries(handlers.entries))
    expect(entry).toMatchObject({ worker: routes.workerFor(type) });
  expect(workerNames).toEqual(['inbound', 'delivery', 'templates', 'account']);
  expect(workerNames.flatMap((name) => routes.typesOf(name)).sort()).toEqual([...routes.types].sort());
});
