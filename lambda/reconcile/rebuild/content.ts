import { isRecord } from '../../shared/json.ts';

/**
 * The fields of an inbound message's content, as Zavu's webhook names them, and their names in the API if those are others.
 * The API's further fields, such as the buttons of an outbound message, are in no webhook.
 */
const sources: Readonly<Record<string, readonly string[]>> = {
  mediaId: [],
  mimeType: [],
  filename: [],
  latitude: [],
  longitude: [],
  name: ['locationName'],
  address: ['locationAddress'],
  contacts: [],
  emoji: [],
  reactToMessageId: [],
  interactiveReply: [],
  replyToMessageId: [],
  replyToProviderMessageId: [],
  replyToFrom: [],
  replyToText: [],
  replyToMessageType: [],
};

/** The names of a content's fields in an event. */
export const contentFields: readonly string[] = Object.keys(sources);

/**
 * The content of an inbound message, as its event has it.
 *
 * @returns undefined if it has none: a message that is only a text
 */
export function contentOf(content: unknown): Record<string, unknown> | undefined {
  if (!isRecord(content)) return undefined;
  const fields = Object.entries(sources).flatMap(([name, others]) => {
    const source = [...others, name].find((each) => Object.hasOwn(content, each));
    return source === undefined ? [] : [[name, content[source]]];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}
