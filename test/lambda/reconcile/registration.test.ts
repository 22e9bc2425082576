import type Zavudev from '@zavudev/sdk';
import {
  checkRegistrations,
  checkSenders,
  registrationProblems,
} from '../../../lambda/reconcile/registration.ts';
import { Routes } from '../../../lambda/routing/routes.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

const url = 'https://hooks.example.com/webhooks/zavu';
// Zavu's API does not subscribe a sender to the last one.
const routes = new Routes([['inbound', ['message.inbound', 'message.sent', 'later.type']]]);
const expected = { url, accepted: ['v1', 'v2'], routes };
const right: Zavudev.SenderWebhook = {
  url,
  active: true,
  events: ['message.inbound', 'message.sent'],
  signatureVersion: 'v2',
};

describe('the webhook of a sender', () => {
  test.each<[string, Partial<Zavudev.SenderWebhook>, string[]]>([
    ['as it should be', {}, []],
    ['that has more event types than workers handle', { events: [...right.events, 'call.failed'] }, []],
    ['that signs with two schemes, of which one is accepted', { signatureVersion: 'v1+v2' }, []],
    ['with another URL', { url: `${url}/` }, ['points_elsewhere']],
    ['with another URL, whatever else it is', { url: '', active: false, events: [] }, ['points_elsewhere']],
    ['that is switched off', { active: false }, ['inactive']],
    ['that lacks an event type', { events: ['message.sent'] }, ['events_missing']],
    ['that is wrong in all it can be', { active: false, events: [] }, ['inactive', 'events_missing']],
  ])('%s', (_case, webhook, problems) => {
    expect(registrationProblems({ ...right, ...webhook }, expected)).toEqual(problems);
  });

  test('of which Zavu does not say all', () => {
    const { events: _events, signatureVersion: _version, ...thin } = right;
    expect(registrationProblems(thin as typeof right, expected)).toEqual([
      'events_missing',
      'scheme_not_accepted',
    ]);
  });

  test('that signs with a scheme that is not accepted', () => {
    const strict = { ...expected, accepted: ['v2'] };
    expect(registrationProblems({ ...right, signatureVersion: 'v1' }, strict)).toEqual([
      'scheme_not_accepted',
    ]);
    expect(registrationProblems({ ...right, signatureVersion: 'v1+v2' }, strict)).toEqual([]);
  });

  test('that is not there', () => {
    expect(registrationProblems(undefined, expected)).toEqual(['points_elsewhere']);
  });
});

/** A project with these pages of senders, and a deployment that knows some. */
function deployment(pages: readonly (readonly Zavudev.Sender[])[], known: readonly string[]) {
  const remembered = new Set(known);
  return {
    remembered,
    project: {
      identity: async () => ({ projectId: 'prj_1', isTestMode: false }),
      async senders(cursor = '0') {
        const next = Number(cursor) + 1;
        return {
          items: pages[Number(cursor)] ?? [],
          nextCursor: next < pages.length ? String(next) : undefined,
        };
      },
    },
    progress: {
      senders: async (projectId: string) => (projectId === 'prj_1' ? [...remembered] : []),
      rememberSender: async (_projectId: string, id: string) => void remembered.add(id),
      forgetSender: async (_projectId: string, id: string) => void remembered.delete(id),
    },
  };
}
const sender = (id: string, webhook?: Zavudev.SenderWebhook): Zavudev.Sender => ({
  id,
  name: 'Ana',
  phoneNumber: '+56912345678',
  ...(webhook ? { webhook } : {}),
});
const elsewhere = { ...right, url: 'https://elsewhere.example.com' };

describe('the senders that belong to a deployment', () => {
  test('a sender belongs to it from when its webhook points at it, and still if it no longer does', async () => {
    const here = deployment([[sender('snd_1', right)], [sender('snd_2', elsewhere), sender('snd_3')]], []);
    expect(await checkSenders(here, expected)).toEqual([{ id: 'snd_1', problems: [] }]);
    expect([...here.remembered]).toEqual(['snd_1']);

    const moved = deployment([[sender('snd_1', elsewhere)], [sender('snd_2', elsewhere)]], ['snd_1']);
    expect(await checkSenders(moved, expected)).toEqual([{ id: 'snd_1', problems: ['points_elsewhere'] }]);
    expect([...moved.remembered]).toEqual(['snd_1']);
  });

  test('one whose webhook was taken away still belongs to it; one that was deleted is forgotten', async () => {
    const here = deployment([[sender('snd_1')]], ['snd_1', 'snd_gone']);
    expect(await checkSenders(here, expected)).toEqual([{ id: 'snd_1', problems: ['points_elsewhere'] }]);
    expect([...here.remembered]).toEqual(['snd_1']);
  });

  test('if Zavu shows no sender at all, none is forgotten', async () => {
    const here = deployment([[]], ['snd_1']);
    expect(await checkSenders(here, expected)).toEqual([]);
    expect([...here.remembered]).toEqual(['snd_1']);
  });

  test('an empty page is not the end', async () => {
    const here = deployment([[], [sender('snd_1', right)]], ['snd_1']);
    expect(await checkSenders(here, expected)).toHaveLength(1);
    expect([...here.remembered]).toEqual(['snd_1']);
  });
});

test('each problem is a line, which names the sender by its id alone', async () => {
  const lines: string[] = [];
  const here = deployment(
    [[sender('snd_1', { ...right, active: false, events: [] })], [sender('snd_2', right)]],
    [],
  );
  const log = createLogger({}, (line) => lines.push(line));
  await checkRegistrations({ ...here, routes, log }, { url, accepted: expected.accepted });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ message: 'registration_differs', senderId: 'snd_1', reason: 'inactive' }),
    expect.objectContaining({ message: 'registration_differs', senderId: 'snd_1', reason: 'events_missing' }),
    expect.objectContaining({ message: 'registrations_checked', looked: 2 }),
  ]);
  expect(lines.join()).not.toMatch(/Ana|56912345678|example\.com/);
});
