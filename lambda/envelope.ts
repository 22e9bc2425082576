import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));

/** What every event has, whatever its type. `projectId` and `senderId` are absent in some generations. */
const envelopeSchema = z.object({
  id: text,
  type: text,
  timestamp: z.number(),
  projectId: z.nullish(z.string()),
  senderId: z.nullish(z.string()),
  data: z.looseObject({}),
});

/** An event as far as the pipeline itself reads it. Apart from event.ts, because the receiver needs no more. */
export type Envelope = z.infer<typeof envelopeSchema>;

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

/** Where a value differs from a schema. Items of a list share one path, so that there are few of them. */
export function misfits(schema: z.ZodMiniType, value: unknown): string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const paths = result.error.issues.map(({ path }) =>
    path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.'),
  );
  return [...new Set(paths)].map((path) => path || '(root)');
}
