import { soakOutage } from '../../soak/outage.ts';
import { violationsOf } from '../../soak/outage-ledger.ts';
import { loadDay, settledDayMs } from '../../support/reconcile/simulated-day.ts';
import { hourMs, type SimulatedProject, SimulatedZavu } from '../../support/reconcile/simulated-project.ts';
import { Draw } from '../../support/zavu-api/history/draw.ts';

/**
 * Runs that end at any of their calls: of Zavu's API, of the table and of the queues. The next run goes on, until all is
 * recovered that was lost in an outage, and nothing twice.
 */
let zavu: SimulatedZavu;
beforeAll(async () => {
  zavu = await SimulatedZavu.start();
});
afterAll(() => zavu.stop());

/** A day with an outage. */
interface Day {
  project: SimulatedProject;
  since: number;
  /** What the outage took. */
  lost: readonly string[];
}

async function day(seed: number, messages: number): Promise<Day> {
  const project = zavu.project();
  const since = project.clock.now();
  // Only begins.
  expect(await project.run()).toMatchObject({ looked: 0 });
  loadDay(project, { seed, messages });
  await project.pass(settledDayMs);
  const lost = project.missing(since);
  expect(lost.length).toBeGreaterThan(2);
  return { project, since, lost };
}

/** Whether all is recovered, once. */
async function expectRecovered({ project, since, lost }: Day): Promise<void> {
  await project.drain();
  expect(project.missing(since)).toEqual([]);
  expect(project.workers.handledTwice).toEqual([]);
  expect(project.workers.fedSubjects).toEqual([...lost].sort());
  const count = project.workers.fed.length;
  expect(await project.run()).toMatchObject({ recovered: {}, isComplete: true, bounds: [], unordered: [] });
  expect(project.workers.fed).toHaveLength(count);
}

test('a day of a thousand changes is recovered by runs of which most end early', async () => {
  const seed = 1;
  const draw = new Draw(seed);
  const simulated = await day(seed, 300);
  const { project } = simulated;
  let ended = 0;
  for (;;) {
    const end = { call: draw.between(1, 150), isDone: draw.chance(0.5) };
    if ((await project.run({ end })) !== 'ended') break;
    ended++;
    if (draw.chance(0.5)) await project.drain();
  }
  expect(ended).toBeGreaterThan(3);
  await expectRecovered(simulated);
});

const messages = 24;

test('a run that ends nowhere feeds each event once', async () => {
  const simulated = await day(3, messages);
  await simulated.project.run();
  expect(new Set(simulated.project.workers.fed.map(({ id }) => id)).size).toBe(
    simulated.project.workers.fed.length,
  );
  await expectRecovered(simulated);
});

test.each([...Array(8).keys()])('a run that ends in part %i of 8 is continued', async (part) => {
  const simulated = await day(10 + part, messages);
  const { project } = simulated;
  const draw = new Draw(part);
  const end = { call: 1 + Math.floor((170 * (part + draw.fraction())) / 8), isDone: draw.chance(0.5) };
  await project.run({ end });
  if (draw.chance(0.5)) await project.drain();
  await project.run();
  await expectRecovered(simulated);
});

test('regular runs recover what is lost while their workers are slow', async () => {
  const project = zavu.project();
  const since = project.clock.now();
  await project.run();
  loadDay(project, { seed: 4, messages: 40 });
  for (let hour = 0; hour < 48; hour += 3) {
    await project.pass(3 * hourMs);
    const before = project.workers.fed.length;
    await project.run();
    const ids = project.workers.fed.slice(before).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    if (hour % 9 === 0) await project.drain();
  }
  await project.drain();
  await project.run();
  await project.drain();
  expect(project.missing(since)).toEqual([]);
  expect(project.workers.handledTwice).toEqual([]);
  expect(project.workers.fed.length).toBeGreaterThan(10);
});

/** `npm run soak` makes the same of thousands of messages, with seeds of its own. */
test('hourly runs that are killed, doubled and overtaken recover what is lost while originals come late', async () => {
  const ledger = await soakOutage(zavu, { seed: 106, messages: 20 });
  expect(violationsOf(ledger)).toEqual([]);
  expect(ledger.runs.twoAtOnce).toBeGreaterThan(0);
  expect(ledger.late.some(({ isInLadder }) => isInLadder)).toBe(true);
  expect(ledger.late.some(({ outcome }) => outcome === 'superseded')).toBe(true);
});
