import { redrivenAttributes } from '../../../lambda/queued-event/dead-letter.ts';

const past = { error: 'Error: none', attempts: '5', codeVersion: 'abc', failedAt: '2026-11-01T00:00:00Z' };

test.each([
  [{ reason: 'attempts_exhausted' }, {}],
  [{ reason: 'not_published' }, { reason: 'not_published' }],
  [{ reason: 'permanent_failure', replay: 'run_1' }, { replay: 'run_1' }],
  [
    { reason: 'not_published', replay: 'run_1' },
    { reason: 'not_published', replay: 'run_1' },
  ],
  [
    { reason: 'function_died', encoding: 'brotli_base64', receivedAt: '1795000000000', receives: '9' },
    { encoding: 'brotli_base64', receivedAt: '1795000000000' },
  ],
  [{ reason: 'attempts_exhausted', reconciled: '1' }, { reconciled: '1' }],
  [{}, {}],
  [
    { encoding: 'brotli_base64', receivedAt: '7', boundTo: '[]' },
    { encoding: 'brotli_base64', receivedAt: '7' },
  ],
])('of %j, %j is kept', (attributes, lasting) => {
  expect(redrivenAttributes({ ...past, ...attributes })).toEqual({ ...lasting, resent: 'redrive' });
});
