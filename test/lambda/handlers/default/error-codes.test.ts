import { meaningOf, meanings } from '../../../../lambda/handlers/default/error-codes.ts';

test.each([
  // Somebody who does not want to be written to, or cannot be.
  ['21610', 'opted_out', 'stop_sending'],
  ['131050', 'marketing_stopped', 'stop_sending'],
  ['21211', 'invalid_number', 'stop_sending'],
  ['21614', 'invalid_number', 'stop_sending'],
  ['30004', 'blocked', 'stop_sending'],
  ['30005', 'invalid_number', 'stop_sending'],
  ['30006', 'landline', 'stop_sending'],
  ['131026', 'not_on_whatsapp', 'stop_sending'],
  ['130472', 'experiment', 'stop_sending'],
  ['EMAIL_INVALID_RECIPIENT', 'invalid_address', 'stop_sending'],
  ['EMAIL_DOMAIN_NOT_FOUND', 'invalid_address', 'stop_sending'],
  ['EMAIL_RECIPIENT_SUPPRESSED', 'suppressed', 'stop_sending'],
  // What passes.
  ['30003', 'unreachable', 'may_send_again'],
  ['131049', 'marketing_limit', 'may_send_again'],
  ['131056', 'rate_limited', 'may_send_again'],
  ['DAILY_LIMIT_EXCEEDED', 'daily_limit', 'may_send_again'],
  // What the sender puts right.
  ['30007', 'content_filtered', 'fix_and_send_again'],
  ['131047', 'window_closed', 'fix_and_send_again'],
  ['132001', 'invalid_template', 'fix_and_send_again'],
  ['destination_not_verified', 'destination_not_verified', 'fix_and_send_again'],
])('%s means %s: %s', (code, meaning, advice) => {
  expect(meaningOf(code)).toEqual({ meaning, advice });
});

test.each([
  [null],
  [undefined],
  [''],
  ['99999'],
  ['constructor'],
  ['__proto__'],
  ['stop_sending'],
  [{}],
  [21610],
])('a code that is not in the table is unknown, and its message must not be sent again (%#)', (code) => {
  expect(meaningOf(code as string)).toEqual({ meaning: 'unknown', advice: 'unknown' });
});

test('the table says one word of each code, which a log takes', () => {
  expect(meanings.size).toBeGreaterThan(35);
  for (const { meaning } of meanings.values()) expect(meaning).toMatch(/^[a-z_]{4,30}$/);
});
