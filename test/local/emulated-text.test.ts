import { emulatedServices } from '../../local/aws/endpoint/emulated-services.ts';
import { knownTypes } from '../../local/aws/service-calls/service-calls.ts';
import { emulatedText } from '../../local/emulated-text.ts';

test('what the help says is emulated has every service and every type, and each line fits', () => {
  const [services = '', types = ''] = emulatedText.replace(/\s+/g, ' ').split('It knows these types');
  for (const { title } of Object.values(emulatedServices)) expect(services).toContain(title);
  const named = types
    .replace(/^.*webhooks: /, '')
    .split('; ')
    .flatMap((each) => {
      const [service = '', names = ''] = each.split(': ');
      return names.split(', ').map((name) => `AWS::${service}::${name}`);
    });
  expect(named.sort()).toEqual([...knownTypes].sort());
  expect(Math.max(...emulatedText.split('\n').map((line) => line.length))).toBeLessThanOrEqual(116);
});
