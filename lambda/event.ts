import * as z from 'zod/mini';

/**
 * The event catalogue: what Zavu sends, from the guide "Receiving webhooks".
 *
 * Sets that Zavu extends without notice (channel, status, error codes) stay strings; unknown fields are
 * kept. The schemas describe, they do not gate: see {@link parseEvent}.
 */
const text = z.string();
const optionalText = z.nullish(text);

const statusChange = z.object({
  messageId: text,
  to: text,
  channel: text,
  status: text,
  errorCode: optionalText,
  errorMessage: optionalText,
});

const dataSchemas = {
  'message.queued': z.object({
    messageId: text,
    to: text,
    channel: text,
    status: text,
    templateId: optionalText,
  }),
  'message.sent': statusChange,
  'message.delivered': statusChange,
  'message.failed': statusChange,
  'message.inbound': z.object({
    messageId: text,
    /** A phone number, a WhatsApp id, a chat id or an e-mail address. */
    from: text,
    to: z.optional(text),
    channel: z.optional(text),
    text: optionalText,
    /** Absent in the guide's generation of events; an open set: text, image, reaction, ... */
    messageType: optionalText,
  }),
  'template.approved': z.object({ templateId: text, name: text, status: text }),
  'template.rejected': z.object({ templateId: text, name: text, status: text, reason: optionalText }),
};

/** What every event has, whatever its type. `projectId` and `senderId` are absent in some generations. */
const envelopeSchema = z.object({
  id: text.check(z.minLength(1)),
  type: text.check(z.minLength(1)),
  timestamp: z.number(),
  projectId: optionalText,
  senderId: optionalText,
  data: z.looseObject({}),
});

export type EventType = keyof typeof dataSchemas;
export type Envelope = z.infer<typeof envelopeSchema>;

/** One event type's event. `timestamp` is in milliseconds; `id` is the same on every delivery of it. */
export type EventOf<T extends EventType> = Omit<Envelope, 'type' | 'data'> & {
  type: T;
  data: z.infer<(typeof dataSchemas)[T]>;
};

/** Any event that the catalogue knows, discriminated by `type`. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];

type Parsed<Value> = { ok: true; value: Value } | { ok: false; problems: string[] };

/**
 * Checks what the pipeline itself needs of an event: id, type, timestamp, data.
 *
 * @param json parsed JSON from a verified request
 * @returns the same object, typed, with all of its fields; or the paths that do not fit, never their values
 */
export function parseEnvelope(json: unknown): Parsed<Envelope> {
  const problems = misfits(envelopeSchema, json);
  return problems.length === 0 ? { ok: true, value: json as Envelope } : { ok: false, problems };
}

/**
 * Gives an envelope its event type.
 *
 * Data that does not fit its schema is still that event: refusing it would lose a customer's message because
 * Zavu renamed a field. It comes back with `drift`, the paths that differ, and handlers are told.
 *
 * @returns undefined for a type that the catalogue does not know
 */
export function parseEvent(envelope: Envelope): { event: Event; drift: string[] } | undefined {
  if (!isKnown(envelope.type)) return undefined;
  return { event: envelope as Event, drift: misfits(dataSchemas[envelope.type], envelope.data) };
}

function isKnown(type: string): type is EventType {
  return Object.hasOwn(dataSchemas, type);
}

function misfits(schema: z.ZodMiniType, value: unknown): string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => issue.path.join('.') || '(root)');
}
