import { asciiJson } from '../../lambda/shared/json.ts';
import { sample, sampleTypes } from '../../lambda/zavu/samples.ts';

/** Fields of an event's data that belong to a customer. */
const ofCustomers = new Set([
  ...['text', 'firstMessageText', 'replyToText', 'content', 'errorMessage', 'reason'],
  ...['from', 'to', 'phoneNumber', 'email', 'clientEmail', 'clientName', 'profileName'],
]);

/** Fields in a content that belong to nobody: ids of messages, which a log may have from these messages' own events. */
const ofNobody = new Set(['replyToMessageId', 'reactToMessageId']);

/**
 * What shows by its form: a signing secret, a signature (a bundle's path, the ARN of Lambda's runtime and the id of an
 * event that has none of its own have digests), a telephone number.
 */
const forms = /whsec_\w+|(?<!\basset\.|:runtime:|\bsha256:)\b[0-9a-f]{64}\b|\+\d{7,}/;

/** Shorter ones, such as `throw`, are words that a log may well hold. */
const shortestText = 12;

/** The texts and addresses of an event, which no log may show. Empty if the body is no event. */
export function confidentialOf(body: string): string[] {
  try {
    return [...texts(Object(JSON.parse(body)).data)];
  } catch {
    return [];
  }
}

export const confidentialSamples = sampleTypes.flatMap((type) => confidentialOf(sample(type)));

/** What a log line reveals, if anything. */
export function revealed(line: string, confidential: Iterable<string>): string | undefined {
  const form = line.match(forms)?.[0];
  if (form) return form;
  for (const text of confidential) if (line.includes(text)) return text;
  return undefined;
}

function* texts(value: unknown, isOfCustomer = false): Generator<string> {
  if (typeof value === 'string') {
    // What repeats one letter fills a body up. Else as it would stand in a line of JSON, or of JSON in ASCII.
    if (isOfCustomer && value.length >= shortestText && new Set(value).size > 1) {
      const json = JSON.stringify(value).slice(1, -1);
      yield* new Set([json, asciiJson(json)]);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    if (!ofNobody.has(name)) yield* texts(part, isOfCustomer || ofCustomers.has(name));
  }
}
