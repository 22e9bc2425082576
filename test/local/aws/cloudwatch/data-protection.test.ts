import { DataProtection } from '../../../../local/aws/cloudwatch/data-protection.ts';

const aws = (name: string) => `arn:aws:dataprotection::aws:data-identifier/${name}`;
const secret = { Name: 'Secret', Regex: 'whsec_[A-Za-z0-9_-]+' };

function policy(identifiers: string[], custom: object[] = [secret], operation = 'Audit') {
  const DataProtectionPolicy = {
    Name: 'policy',
    Statement: [{ DataIdentifier: identifiers, Operation: { [operation]: {} } }],
    Configuration: { CustomDataIdentifier: custom },
  };
  const resources = {
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { DataProtectionPolicy } },
    Plain: { Type: 'AWS::Logs::LogGroup', Properties: {} },
  };
  return new DataProtection(resources, (value) =>
    typeof value === 'object' && value !== null && 'Ref' in value ? value.Ref : value,
  );
}

test('finds what an identifier of the template describes, in its log group', () => {
  const protection = policy(['Secret']);
  expect(protection.finds('Logs', '{"reason":"whsec_abc"}')).toBe(true);
  expect(protection.finds('Logs', '{"reason":"stale"}')).toBe(false);
  expect(protection.finds('Plain', 'whsec_abc')).toBe(false);
});

test("finds mail addresses, and passes over AWS's own identifiers that it does not describe", () => {
  const protection = policy([aws('EmailAddress'), aws('PhoneNumber-DE'), aws('AwsSecretKey')]);
  expect(protection.finds('Logs', 'sent to somebody@example.com')).toBe(true);
  expect(protection.finds('Logs', 'phone 030 1234567, whsec_abc')).toBe(false);
});

test('counts nothing that is masked only, and not audited', () => {
  expect(policy(['Secret'], [secret], 'Deidentify').finds('Logs', 'whsec_abc')).toBe(false);
});

test.each([
  ['an identifier that is not known here', [aws('CreditCardNumber')], [], 'CreditCardNumber, of Logs'],
  ['parentheses', ['Secret'], [{ ...secret, Regex: '(a|b)' }], 'parentheses'],
  ['more than 200 characters', ['Secret'], [{ ...secret, Regex: 'a'.repeat(201) }], '200'],
  ['more than ten of its own', ['Secret'], Array(11).fill(secret), 'ten'],
])('refuses %s', (_case, identifiers, custom, why) => {
  expect(() => policy(identifiers, custom)).toThrow('Logs');
  expect(() => policy(identifiers, custom)).toThrow(why);
});
