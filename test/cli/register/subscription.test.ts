import { otherEvents, signatureToBe, webhookUrl } from '../../../cli/register/subscription.ts';
import { Routes } from '../../../lambda/routing/routes.ts';
import { isAccepted, webhookEvents } from '../../../lambda/zavu/subscription.ts';
import { routes } from '../../support/handlers.ts';

const api = 'https://api.zavu.dev';
const standIn = 'http://127.0.0.1:4000';
const deployed = 'https://abc123.execute-api.us-east-1.amazonaws.com/webhooks/zavu';
const local = 'http://127.0.0.1:3000/webhooks/zavu';

test('a webhook is subscribed to what is handled, as far as Zavu lets it', () => {
  expect(webhookEvents(routes)).toContain('message.inbound');
  expect([...webhookEvents(routes), ...otherEvents(routes)].sort()).toEqual([...routes.types].sort());
  expect(otherEvents(routes)).toEqual(expect.arrayContaining(['template.approved', 'template.rejected']));
});

test('a webhook is subscribed to no type that the deployment does not route', () => {
  const routes = Routes.parse('inbound=message.inbound,template.approved;draining=');
  expect(webhookEvents(routes)).toEqual(['message.inbound']);
  expect(otherEvents(routes)).toEqual(['template.approved']);
});

test.each([
  ["the stack's own", deployed, undefined, api, deployed],
  [
    'a tunnel, which has no path',
    local,
    'https://x.trycloudflare.com',
    api,
    'https://x.trycloudflare.com/webhooks/zavu',
  ],
  [
    'a domain with a path of its own',
    deployed,
    'https://hooks.example.com/in',
    api,
    'https://hooks.example.com/in',
  ],
  [
    'a slash at the end, which has no route (report 10)',
    deployed,
    `https://hooks.example.com/webhooks/zavu/`,
    api,
    'https://hooks.example.com/webhooks/zavu',
  ],
  ['this machine, for a stand-in on it', local, undefined, standIn, local],
])('the URL to register: %s', (_case, own, given, at, url) => {
  expect(webhookUrl(own, given, at)).toBe(url);
});

test.each([
  ['the local run', local, undefined, api],
  ['no TLS', deployed, 'http://hooks.example.com/in', api],
  ['an address', deployed, 'https://10.0.0.1/in', api],
  ['an address of IPv6', deployed, 'https://[::1]/in', api],
  ['this machine by name', deployed, 'https://localhost/in', api],
  ['a name of this network', deployed, 'https://printer.local/in', api],
  ['no TLS, elsewhere than on this machine, for a stand-in', deployed, 'http://10.0.0.1/in', standIn],
  ['no URL', deployed, 'hooks', api],
])('a URL that Zavu does not deliver to: %s', (_case, own, given, at) => {
  expect(() => webhookUrl(own, given, at)).toThrow(/public https|is no URL/);
});

test.each([
  // What was asked for, what the sender has, what the stack accepts, what comes of it.
  [undefined, 'v1', 'sha256,v1,v2', 'v1'],
  [undefined, 'v1+v2', 'v2', 'v1+v2'],
  [undefined, undefined, 'sha256,v1,v2', 'v2'],
  [undefined, undefined, 'sha256,v1', 'v1'],
  ['v2', 'v1', 'v2', 'v2'],
] as const)('signature %s, the sender on %s, the stack on %s: %s', (asked, present, accepted, version) => {
  expect(signatureToBe(asked, present, accepted.split(','))).toBe(version);
});

test.each([
  [undefined, 'v1', 'v2', 'accepts only v2'],
  ['v1', 'v2', 'v2', 'accepts only v2'],
  [undefined, undefined, 'sha256', 'accepts only sha256'],
  ['sha256', 'v2', 'sha256', 'must be one of'],
] as const)('signature %s, the sender on %s, the stack on %s: %s', (asked, present, accepted, sentence) => {
  expect(() => signatureToBe(asked, present, accepted.split(','))).toThrow(sentence);
});

test('of two schemes one is enough', () => {
  expect(isAccepted('v1+v2', ['v1'])).toBe(true);
  expect(isAccepted('v1+v2', ['sha256'])).toBe(false);
});
