import { emulatedServices } from './aws/endpoint/emulated-services.ts';
import { knownTypes } from './aws/service-calls/service-calls.ts';

/** The longest line of a help text. */
const width = 116;

const services = Object.values(emulatedServices).map(({ title }) => title);

/** What the local run emulates, for its help: made of its own lists. */
export const emulatedText = [
  ...wrapped(`Functions may call ${services.join(', ')}. Calls of any other service are refused by name.`),
  'It knows these types of resources, and leaves out others that stand beside the webhooks:',
  ...wrapped(byService(knownTypes).join('; '), '  '),
].join('\n');

/** `SQS: Queue, QueuePolicy`. */
function byService(types: readonly string[]): string[] {
  const services = new Map<string, string[]>();
  for (const type of types) {
    const [, service = '', name = ''] = type.split('::');
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  return [...services].map(([service, names]) => `${service}: ${names.sort().join(', ')}`).sort();
}

/** Lines of a text, broken between words. */
function wrapped(text: string, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
