import { type ShownMessage, showText } from '../../../cli/dead-letters/show.ts';

const summary: ShownMessage = {
  worker: 'none',
  id: 'sha256:1',
  messageId: 'msg-1',
  type: 'unreadable',
  reason: 'unreadable',
  error: 'none',
  attempts: '',
  place: '',
  codeVersion: '',
  failedAt: '2026-01-31T10:00:00.000Z',
  sentAt: '2026-01-31T10:00:00.000Z',
};

test('an unrouted event is shown with why it waits, how it is held and what it is bound to, without its body', () => {
  const text = showText({
    ...summary,
    encoding: 'brotli_base64',
    boundTo: [{ sender: 'snd_1', project: 'prj_1' }, { sender: 'snd_\u001b[2J' }],
  });
  expect(text).toMatch(/^reason +unreadable$/m);
  expect(text).toMatch(/^encoding +brotli_base64$/m);
  expect(text).toMatch(/^boundTo +sender snd_1, project prj_1; or sender snd_\?\[2J$/m);
  expect(text).not.toMatch(/^attempts/m);
  expect(text).toContain('--reveal shows them');
});

test('a body is shown as it was signed, and cannot move the cursor', () => {
  const body = '{"text":"\u001b[2J\u009b ñ"}\r\nid  evt_forged';
  expect(
    showText({ ...summary, body, bodyIs: 'text' })
      .split('\n')
      .at(-1),
  ).toBe('{"text":"\\u001b[2J\\u009b \\u00f1"}\\u000d\\u000aid  evt_forged');
});

test('what is no text is said to be none', () => {
  expect(showText({ ...summary, body: '/wA=', bodyIs: 'base64' })).toMatch(/no text\. In base64:\n\/wA=$/);
  expect(showText({ ...summary, body: 'e30=', bodyIs: 'encoded' })).toMatch(
    /does not know its encoding.*\ne30=$/,
  );
});
