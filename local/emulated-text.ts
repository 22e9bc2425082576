import { emulatedServices } from './aws/endpoint/emulated-services.ts';
import { knownTypes } from './aws/service-calls/service-calls.ts';

const services = Object.values(emulatedServices).map(({ title }) => title);

/** What the local run emulates, in paragraphs for its help: made of its own lists. */
export const emulatedNotes = [
  `Functions may call ${services.join(', ')}. Calls of any other service are refused by name.`,
  'It knows these types of resources, and leaves out others that stand beside the webhooks: ' +
    `${byService(knownTypes).join('; ')}.`,
];

/** `SQS: Queue, QueuePolicy`. */
function byService(types: readonly string[]): string[] {
  const services = new Map<string, string[]>();
  for (const type of types) {
    const [, service = '', name = ''] = type.split('::');
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  return [...services].map(([service, names]) => `${service}: ${names.sort().join(', ')}`).sort();
}
