import { orders } from '../e2e/orders.ts';
import { planSoak } from './plan.ts';

const { slow, throwOnce, refuse, dieBeforeClaim, dieOnce, dieAfterEffect, waitToBeKilled } = orders;
const ordered = [
  slow,
  throwOnce,
  orders.throw,
  refuse,
  dieBeforeClaim,
  dieOnce,
  dieAfterEffect,
  waitToBeKilled,
];
const shapes = [
  ...['no id', 'number id', 'no timestamp', 'ISO timestamp', 'timestamp in seconds', 'no data', 'odd owner'],
  ...['id of two senders', 'unreadable', 'no text', 'large'],
];
const conditions = ['slow', 'refusing', 'down', 'hanging', 'lost answers'];

test.each([1, 2, 77, 78])('what a soak must meet is in the plan of seed %i by number', (seed) => {
  const { events, faults, kills } = planSoak(seed, 60, 10_000);
  expect(events).toHaveLength(60);
  const planned = new Set<string>(events.map(({ order }) => order));
  for (const order of ordered) expect(planned).toContain(order);
  expect([...new Set(events.map(({ shape }) => shape))].sort()).toEqual([...shapes, 'documented'].sort());
  // Nobody would carry out an order for an event that is unrouted.
  expect(events.filter(({ order, type }) => order !== 'hello' && type === 'message.reaction')).toEqual([]);
  for (const service of ['sqs', 'dynamoDb', 'secretsManager']) {
    const own = faults.filter((fault) => fault.service === service).map(({ condition }) => condition);
    expect(own.sort()).toEqual([...conditions].sort());
  }
  expect(faults.filter(({ until }) => until === '503')).toHaveLength(4);
  expect(new Set(kills.map(({ functionPrefix }) => functionPrefix)).size).toBe(5);
});

test('the same seed gives the same plan, and another one another', () => {
  expect(planSoak(3, 100, 10_000)).toEqual(planSoak(3, 100, 10_000));
  expect(planSoak(3, 100, 10_000)).not.toEqual(planSoak(4, 100, 10_000));
});

test('a plan of few events has as many as it was asked for', () => {
  expect(planSoak(1, 3, 10_000).events).toHaveLength(3);
});
