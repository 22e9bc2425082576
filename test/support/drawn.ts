import fc from 'fast-check';
import * as z from 'zod';

/**
 * An arbitrary for each field of a schema, from the whole of its bounds, as `z.parse` gives it.
 *
 * @throws Error for a field whose values it does not know how to draw: teach it here
 */
export function drawn(schema: z.ZodObject): Record<string, fc.Arbitrary<unknown>> {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output' });
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, draw(field, name)]));
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

function draw(field: JsonSchema, name: string): fc.Arbitrary<unknown> {
  if (typeof field === 'boolean') throw new Error(`${name} takes anything: nothing to draw from.`);
  const { type, minimum, maximum, minItems = 0, maxItems, minLength, maxLength } = field;
  if (field.const !== undefined) return fc.constant(field.const);
  if (field.enum) return fc.constantFrom(...field.enum);
  if (field.anyOf) return fc.oneof(...field.anyOf.map((each) => draw(each, name)));
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' && minimum !== undefined && maximum !== undefined) {
    return fc.oneof(
      fc.integer({ min: minimum, max: maximum }),
      // Both ends, where most that goes wrong does.
      fc.constantFrom(minimum, maximum),
    );
  }
  if (type === 'array' && field.items && !Array.isArray(field.items)) {
    return fc.array(draw(field.items, name), { minLength: minItems, maxLength: maxItems ?? 10 });
  }
  // Drawing addresses takes longer than all the others together, and nothing here looks into one.
  if (type === 'string' && field.format === 'email') return fc.constant('oncall@example.com');
  if (type === 'string' && field.pattern) return fc.stringMatching(new RegExp(field.pattern));
  if (type === 'string' && maxLength !== undefined)
    return fc.string({ minLength: minLength ?? 0, maxLength });
  throw new Error(`${name} is of a kind that no test draws: ${JSON.stringify(field)}`);
}
