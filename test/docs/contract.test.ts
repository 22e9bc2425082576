import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { answerTo, type Refused } from '../../lambda/receiver/outcome.ts';
import {
  nextStations,
  receiverOutcomes,
  type Station,
  workerOutcomes,
} from '../../lambda/shared/outcomes.ts';
import { readSettings } from '../../lib/settings/settings.ts';
import { readPage, root, rowsUnder } from './page.ts';

const page = readPage('docs/contract.md');
const settings: Record<string, unknown> = readSettings(new App().node);

/** What each problem is logged as. The compiler asks for every problem. */
const problems = {
  missing_signature: 'rejected',
  malformed_signature: 'rejected',
  tool_call_signature: 'rejected',
  invalid_signature: 'rejected',
  stale_signature: 'rejected',
  stale_event: 'rejected',
  payload_too_large: 'rejected',
  unavailable: 'unavailable',
} as const satisfies Record<Refused['problem'], Refused['outcome']>;

/** By what the page says that an event comes somewhere next, or nowhere. */
const sayings = {
  nothing: /^nothing\b/,
  sent: /Zavu sends it again/,
  worker: /its worker takes it|comes back|redrives/,
  published: /it is `published`/,
  gone: /discards/,
} as const satisfies Partial<Record<Station | 'nothing', RegExp>>;

describe('docs/contract.md', () => {
  const answers = rowsUnder(page, 'case', 'answer', 'outcome');

  test.each(Object.entries(problems))('says what is answered to %s', (problem, outcome) => {
    const { statusCode, headers } = answerTo({
      outcome,
      problem: problem as Refused['problem'],
      reason: problem,
    });
    const retryAfter = headers?.['retry-after'];
    const answer = `${statusCode} \`${problem}\`${retryAfter ? `, with \`Retry-After: ${retryAfter}\`` : ''}`;
    expect(answers.map(([, ...cells]) => cells)).toContainEqual([answer, `\`${outcome}\``]);
  });

  test('names no other answer of the receiver', () => {
    const refused = answers.flatMap(([, answer = '']) => answer.match(/^[45]\d\d `(\w+)`/)?.[1] ?? []);
    expect(refused.toSorted()).toEqual(Object.keys(problems).toSorted());
  });

  test('lists every outcome that can be logged, and who logs it', () => {
    const listed = rowsUnder(page, 'outcome', 'logged by').map(([outcome, by]) => [outcome, by]);
    expect(listed).toEqual([
      ...receiverOutcomes.map((outcome) => [`\`${outcome}\``, 'receiver']),
      ...workerOutcomes.map((outcome) => [`\`${outcome}\``, 'worker']),
    ]);
  });

  test.each(rowsUnder(page, 'outcome', 'logged by'))('says of %s what may come next', (outcome, ...cells) => {
    const said = Object.entries(sayings).filter(([, saying]) => saying.test(cells.at(-1) ?? ''));
    const next = Object.entries(nextStations).find(([station]) => `\`${station}\`` === outcome)?.[1];
    expect(said.map(([station]) => station)).toEqual(next?.length === 0 ? ['nothing'] : next);
  });

  test.each([
    ['receiver', receiverOutcomes],
    ['worker', workerOutcomes],
  ])('every outcome of the %s is one that its code sets', (part, outcomes) => {
    const folder = `lambda/${part}`;
    const code = readdirSync(join(root, folder))
      .map((file) => readPage(`${folder}/${file}`))
      .join();
    expect(outcomes.filter((outcome) => !code.includes(`'${outcome}'`))).toEqual([]);
  });

  test('names the largest event, and defaults that are the settings\u2019', () => {
    expect(page).toContain(`${maxEventBytes.toLocaleString('en-US')} bytes`);
    const told = [...page.matchAll(/`(\w+)` \((\d+)\)/g)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(told.map(([name = '']) => [name, settings[name]]));
  });
});
