import { catalogue } from '../../../lambda/zavu/catalogue.ts';
import { readEnvelope } from '../../../lambda/zavu/envelope.ts';
import { parseEvent } from '../../../lambda/zavu/event.ts';
import { type History, simulateHistory } from './history.ts';
import { StandInProject } from './project.ts';

const [from, to] = [Date.UTC(2026, 9, 1), Date.UTC(2026, 9, 2)];
const history = (seed: number, messages = 200): History =>
  simulateHistory({ seed, projectId: 'prj_1', senderIds: ['jx7a', 'jx7b'], from, to, messages });

/** Types of which Zavu has nothing in its API, or which older senders get. */
const untold = [
  'message.unsupported',
  'message.status',
  'template.approved',
  'template.rejected',
  'domain.verified',
  'domain.failed',
];
const seeds = [1, 2, 3];

test('the same seed gives the same history, and another one another', () => {
  expect(history(1, 50)).toEqual(history(1, 50));
  expect(history(2, 50).webhooks[0]?.envelope.id).not.toBe(history(1, 50).webhooks[0]?.envelope.id);
});

test.each(seeds)('history %i has every type, and every event is as the catalogue has it', (seed) => {
  const { webhooks } = history(seed);
  const types = Object.keys(catalogue).filter((type) => !untold.includes(type));
  expect([...new Set(webhooks.map(({ envelope }) => envelope.type))].sort()).toEqual(types.sort());
  expect(new Set(webhooks.map(({ envelope }) => envelope.id)).size).toBe(webhooks.length);
  for (const { at, envelope } of webhooks) {
    const read = readEnvelope(JSON.stringify(envelope), at);
    expect(read?.drift).toEqual([]);
    expect(parseEvent(envelope)?.drift).toEqual([]);
  }
});

test.each(seeds)('history %i has every channel and every kind of content', (seed) => {
  const inbound = history(seed).webhooks.filter(({ envelope }) => envelope.type === 'message.inbound');
  const fields = (name: string) =>
    new Set(inbound.flatMap(({ envelope }) => Object.keys(Object(envelope.data[name]))));
  expect([...fields('content')].sort()).toEqual(
    [
      ...['mediaId', 'mimeType', 'filename', 'latitude', 'longitude', 'name', 'address', 'contacts', 'emoji'],
      ...['reactToMessageId', 'interactiveReply', 'replyToMessageId', 'replyToProviderMessageId'],
      ...['replyToFrom', 'replyToText', 'replyToMessageType'],
    ].sort(),
  );
  expect(fields('referral')).toContain('ctwaClid');
  expect(inbound.some(({ envelope }) => envelope.data.isGroup === true)).toBe(true);
  const channels = new Set(history(seed).webhooks.map(({ envelope }) => envelope.data.channel));
  for (const channel of [
    'sms',
    'sms_oneway',
    'whatsapp',
    'telegram',
    'email',
    'instagram',
    'messenger',
    'voice',
  ]) {
    expect(channels).toContain(channel);
  }
});

test.each(seeds)('in history %i the API shows at any time what the last webhook said', (seed) => {
  const { versions, webhooks } = history(seed);
  const project = new StandInProject({ id: 'prj_1' });
  project.load(versions);
  for (const now of [from, to - 43_200_000, to, to + 172_800_000]) {
    const said = webhooks.filter(({ at }) => at <= now);
    const last = new Map<unknown, unknown>();
    for (const { envelope } of said) {
      const { messageId, callId, broadcastId, templateId, invitationId, status, currentStatus } =
        envelope.data;
      const id = callId ?? broadcastId ?? invitationId ?? messageId ?? templateId;
      if (id) last.set(id, currentStatus ?? status);
    }
    for (const list of ['messages', 'calls', 'broadcasts', 'templates', 'invitations'] as const) {
      for (const { id, object } of project.at(list, now - 1000)) {
        // What changes within the second between is told by the next webhook.
        const settled = project.find(list, id, now);
        if (settled !== object || !('status' in object) || !last.has(id)) continue;
        const isInbound = 'direction' in object && list === 'messages' && object.direction === 'inbound';
        expect(last.get(id)).toBe(isInbound ? 'received' : object.status);
      }
    }
  }
});
