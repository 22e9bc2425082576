import { emulatedServices } from '../../local/aws/endpoint/emulated-services.ts';
import { knownTypes } from '../../local/aws/service-calls/service-calls.ts';
import { emulatedNotes } from '../../local/emulated-text.ts';

test('what the help says is emulated has every service and every type', () => {
  const [services = '', types = ''] = emulatedNotes;
  for (const { title } of Object.values(emulatedServices)) expect(services).toContain(title);
  const named = types
    .replace(/^.*webhooks: |\.$/g, '')
    .split('; ')
    .flatMap((each) => {
      const [service = '', names = ''] = each.split(': ');
      return names.split(', ').map((name) => `AWS::${service}::${name}`);
    });
  expect(named.sort()).toEqual([...knownTypes].sort());
});
