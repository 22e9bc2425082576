import { checkWebhooks, forgetSender } from '../../../cli/register/check.ts';
import { webhookEvents } from '../../../lambda/zavu/subscription.ts';
import { routes } from '../../support/handlers.ts';
import { ReconcilingDeployment, webhookUrl as url } from '../../support/reconciling-deployment.ts';

let given: ReconcilingDeployment;
let printed: string;

beforeAll(async () => {
  given = await ReconcilingDeployment.start();
  for (const out of ['log', 'error'] as const) {
    jest.spyOn(console, out).mockImplementation((...line: unknown[]) => {
      printed += `${line.join(' ')}\n`;
    });
  }
});
afterAll(async () => {
  jest.restoreAllMocks();
  await given.stop();
});
beforeEach(() => {
  printed = '';
  given.zavu.senders.clear();
});

const events = [...webhookEvents(routes)];
const projectId = () => given.zavu.project.id;

test('without a sender that is registered here all is well, and it says so', async () => {
  given.zavu.add('snd_other', { url: 'https://elsewhere.example.com', events });
  expect(await checkWebhooks(given.deployment, undefined, false)).toBe(true);
  expect(printed).toBe('No sender of this project is registered at Shop.\n');
});

test('each problem of a sender is a row, and what to do follows', async () => {
  given.zavu.add('snd_right', { url, events });
  given.zavu.add('snd_wrong', { url, events: [], active: false });
  expect(await checkWebhooks(given.deployment, undefined, false)).toBe(false);
  expect(printed).toMatch(/^snd_right +is as it should be$/m);
  expect(printed).toMatch(/^snd_wrong +its webhook is switched off$/m);
  expect(printed).toMatch(/^snd_wrong +it is not subscribed to every event type that a worker handles$/m);
  expect(printed).toContain('npx zavu-webhooks register --sender <id>');
});

test('a sender that pointed here is a problem once it points elsewhere, until it is forgotten', async () => {
  const { webhook } = given.zavu.add('snd_moved', { url, events });
  expect(await checkWebhooks(given.deployment, undefined, false)).toBe(true);
  if (webhook) webhook.url = 'https://elsewhere.example.com';
  expect(await checkWebhooks(given.deployment, undefined, false)).toBe(false);
  expect(printed).toMatch(/^snd_moved +its webhook has another URL/m);
  expect(printed).not.toContain('elsewhere.example.com');

  expect(await forgetSender(given.deployment, 'snd_moved', false)).toBe(true);
  expect(printed).toContain('snd_moved is no longer watched.');
  expect(await checkWebhooks(given.deployment, undefined, false)).toBe(true);
});

test('who forgets a sender that is not watched learns it', async () => {
  expect(await forgetSender(given.deployment, 'snd_none', false)).toBe(false);
  expect(printed).toContain('snd_none is not watched by Shop');
});

test('a deployment that does not reconcile: those that point here are checked, and none is remembered', async () => {
  given.zavu.add('snd_1', { url, events: [] });
  expect(await checkWebhooks(given.notReconciling, undefined, true)).toBe(false);
  expect(JSON.parse(printed)).toEqual({ senders: [{ id: 'snd_1', problems: ['events_missing'] }] });
  expect(await given.progress.senders(projectId())).toEqual([]);
  await expect(forgetSender(given.notReconciling, 'snd_1', false)).rejects.toThrow(
    'Shop watches no senders: its setting `reconcile` is off.',
  );
});

test('with another URL that leads here: who points at it is checked, and the hourly check is told nothing of it', async () => {
  const tunnel = 'https://shop.trycloudflare.com/webhooks/zavu';
  given.zavu.add('snd_tunnel', { url: tunnel, events });
  expect(await checkWebhooks(given.deployment, tunnel, true)).toBe(true);
  expect(JSON.parse(printed)).toEqual({ senders: [{ id: 'snd_tunnel', problems: [] }] });
  expect(await given.progress.senders(projectId())).toEqual([]);
});
