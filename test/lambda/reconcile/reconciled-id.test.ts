import fc from 'fast-check';
import type { Subject } from '../../../lambda/messages/subject.ts';
import { reconciledId } from '../../../lambda/reconcile/reconciled-id.ts';

const subject: Subject = { kind: 'message', id: 'k57msg', state: 'delivered' };

test('an id says what it is of, if it can', () => {
  expect(reconciledId(subject)).toBe('reconciled:message:k57msg:delivered');
  expect(reconciledId({ ...subject, id: 'x'.repeat(171) })).toHaveLength(200);
  for (const odd of [{ id: 'x'.repeat(172) }, { id: 'é' }, { state: 'a:b' }, { id: 'a b' }])
    expect(reconciledId({ ...subject, ...odd })).toMatch(/^reconciled:sha256:[0-9a-f]{64}$/);
});

test('it is the same for the same, and another one for anything else', () => {
  const part = fc.stringMatching(/^[a:#]{1,4}$/);
  const any = fc.record<Subject>({ kind: fc.constantFrom('message', 'call'), id: part, state: part });
  fc.assert(
    fc.property(any, any, (one, other) => {
      expect(reconciledId(one) === reconciledId(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});
