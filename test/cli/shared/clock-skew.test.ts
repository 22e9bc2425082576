import { clockSkew, clockSkewOf } from '../../../cli/shared/clock-skew.ts';

const service = 'Wed, 21 Oct 2026 07:28:00 GMT';
const at = Date.parse(service);

function awsError(name: string, message: string, date?: string): Error {
  return Object.assign(new Error(message), { name, $response: { statusCode: 403, headers: { date } } });
}

test.each([
  [0, undefined],
  [29_000, undefined],
  [-29_000, undefined],
  [45_000, '45 s ahead of'],
  [-110_000, '110 s behind'],
  [-900_000, '15 min behind'],
  [3_600_000, '60 min ahead of'],
])('report 27: a clock that is off by %d ms is said', (aheadMs, expected) => {
  const sentence = clockSkew(at + aheadMs, service);
  if (expected === undefined) expect(sentence).toBeUndefined();
  else expect(sentence).toContain(`This machine's clock is ${expected} the service's`);
});

test.each([undefined, null, '', 'soon'])(
  'an answer that tells no time (%j) says nothing of the clock',
  (date) => {
    expect(clockSkew(at, date)).toBeUndefined();
  },
);

test.each(['RequestTimeTooSkewed', 'InvalidSignatureException', 'SignatureDoesNotMatch'])(
  "report 27: %s is explained by the answer's date, also beneath another error",
  (name) => {
    const error = awsError(name, 'The signature does not match.', service);
    const wrapped = new Error('ZavuWebhooks-prod was not found', { cause: error });
    for (const each of [error, wrapped]) {
      expect(clockSkewOf(each, at - 900_000)).toContain('15 min behind');
      expect(clockSkewOf(each, at)).toBeUndefined();
    }
  },
);

test.each([
  [
    'Signature expired: 20261021T070800Z is now earlier than 20261021T071300Z (20261021T072800Z - 15 min.)',
    '20 min behind',
  ],
  [
    'Signature not yet current: 20261021T075800Z is still later than 20261021T073300Z (20261021T072800Z + 5 min.)',
    '30 min ahead of',
  ],
])("report 27: AWS's own sentence tells both times: %s", (message, expected) => {
  // The clock was corrected since.
  expect(clockSkewOf(awsError('InvalidSignatureException', message), at)).toContain(expected);
});

test('an error of another kind says nothing of the clock', () => {
  expect(clockSkewOf(awsError('AccessDenied', 'no', service), 0)).toBeUndefined();
  expect(clockSkewOf('text', 0)).toBeUndefined();
});
