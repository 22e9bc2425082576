import { signingSecret } from '../../local/signing-secret.ts';

test('one that is made up is shown, and is another one each time', () => {
  const { text, toSignWith, shown } = signingSecret(undefined);
  expect(shown).toBe(text);
  expect(toSignWith).toBe(text);
  expect(signingSecret(undefined).text).not.toBe(text);
});

test.each(['whsec_of_the_user', JSON.stringify(['whsec_of_the_user', 'whsec_of_another'])])(
  'of the one of a user (%s) only the last four characters are shown',
  (given) => {
    expect(signingSecret(given)).toEqual({ text: given, toSignWith: 'whsec_of_the_user', shown: '…user' });
  },
);

test('one that cannot be right is refused, and not repeated', () => {
  expect(() => signingSecret("'whsec_9f3a'")).toThrow(/^\$ZAVU_WEBHOOK_SECRET holds no signing secret\. /);
  expect(() => signingSecret("'whsec_9f3a'")).not.toThrow(/9f3a/);
});
