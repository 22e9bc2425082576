import * as z from 'zod/mini';
import { parseJson } from '../../lambda/shared/json.ts';
import type { Binding } from '../../lambda/zavu/binding.ts';

/** What secrets are bound to, as the receiver writes it down (lambda/queued-event/queue-message.ts). */
export const boundToSchema = z.array(
  z.object({ sender: z.optional(z.string()), project: z.optional(z.string()) }),
);

/**
 * Reads the message attribute `boundTo`.
 *
 * @returns undefined if there is none; if it cannot be read, no binding, by which nothing is proved
 */
export function parseBoundTo(attribute: string | undefined): readonly Binding[] | undefined {
  if (attribute === undefined) return undefined;
  return boundToSchema.safeParse(parseJson(attribute)).data ?? [];
}
