import { chooseConstruct } from '../../../cli/shared/constructs.ts';

/** The outputs of a construct, and of its one worker. */
const construct = (prefix: string) => ({
  [`${prefix}WebhookUrl`]: `https://${prefix}.example.com`,
  [`${prefix}SigningSecretName`]: 'secret',
  [`${prefix}InboundQueueUrl`]: `queue of ${prefix}`,
});
const own = { OrdersTopicArn: 'arn', PartnerWebhookUrl: 'https://partner.example.com' };

test.each([
  ['a stack that is all of one', construct(''), '', ''],
  ['a construct beside other things', { ...own, ...construct('Zavu') }, 'Zavu', 'Zavu'],
])('%s needs no name', (_case, outputs, prefix, url) => {
  expect(chooseConstruct('Mine', outputs, undefined)).toMatchObject({
    prefix,
    outputs: { WebhookUrl: `https://${url}.example.com`, InboundQueueUrl: `queue of ${prefix}` },
  });
});

test('of several the one that is named is found, though the name of another begins alike', () => {
  const outputs = { ...own, ...construct('Zavu'), ...construct('ZavuTwo'), ...construct('') };
  for (const prefix of ['', 'Zavu', 'ZavuTwo']) {
    expect(chooseConstruct('Mine', outputs, prefix)).toMatchObject({
      prefix,
      outputs: { WebhookUrl: `https://${prefix}.example.com`, InboundQueueUrl: `queue of ${prefix}` },
    });
  }
});

test.each([
  [
    'of several none is named',
    { ...construct('Zavu'), ...construct('') },
    undefined,
    'Mine holds several: name one of --stack Mine/Default, Mine/Zavu.',
  ],
  ['it has no such one', construct('Zavu'), 'Zvau', 'Mine holds no Zvau. It holds: --stack Mine/Zavu.'],
  ['its own is named, and it has only a construct', construct('Zavu'), '', 'Mine holds no Default.'],
  ['it has none, but a URL of its own', own, undefined, 'Mine has no webhooks'],
  ['it has no output', {}, undefined, 'Mine has no webhooks'],
])('a stack is refused with a sentence if %s', (_case, outputs, wanted, sentence) => {
  expect(() => chooseConstruct('Mine', outputs, wanted)).toThrow(sentence);
});
