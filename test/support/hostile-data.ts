import fc from 'fast-check';
import { catalogue, type EventType } from '../../lambda/zavu/catalogue.ts';

/** A customer's words, which may stand in no log. */
export const marker = 'call me at home';

/** What may stand in a field of JSON in place of what belongs there. */
export const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, true, -1, 1e308, Number.POSITIVE_INFINITY, 2 ** 60, '', 'NaN', '\ud800', '1e999'),
  fc.constantFrom<unknown>(
    marker,
    [marker],
    { code: 7, message: marker },
    `\u001b]0;${marker}\u0007\u009b2J`,
  ),
  fc.constantFrom('x', '9', '\u202e').map((unit) => unit.repeat(50_000)),
  fc.integer({ min: 1, max: 6_000 }).map((length) => Array(length).fill(1)),
  fc.integer({ min: 1, max: 6_000 }).map((length) => Array(length).fill({ name: 1, phones: 7 })),
  fc.integer({ min: 1, max: 200 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))),
  fc.constant(JSON.parse('{"__proto__":{"length":7},"constructor":1,"hasOwnProperty":2}')),
);

/** A type's data, with any of its fields and of its content's made hostile. */
export function hostileData(type: EventType): fc.Arbitrary<Record<string, unknown>> {
  const { shape } = catalogue[type]._zod.def;
  const some = (names: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...names), hostile, { maxKeys: 6 });
  const contents = ['contacts', 'interactiveReply', 'emoji', 'latitude', 'mediaId', 'replyToText'];
  return fc
    .tuple(some(Object.keys(shape)), fc.option(some(contents)))
    .map(([fields, content]) => ({ ...fields, ...(content && 'content' in shape ? { content } : {}) }));
}
