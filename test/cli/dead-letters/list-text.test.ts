import { createQueueCommand } from '../../../cli/dead-letters/command.ts';
import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { detailsText, listText } from '../../../cli/dead-letters/list-text.ts';
import { unroutedEvents } from '../../../cli/dead-letters/unrouted-events.ts';

const empty = { scans: [], groups: [], messages: [], firstExpiresAt: undefined };

test.each([
  [deadLetters, 'failed at', 'received at'],
  [unroutedEvents, 'received at', 'failed at'],
])('$name: the time of a message, and of --from, is when it $dated', (command, heading, other) => {
  const text = detailsText(empty, command);
  expect(text).toContain(heading);
  expect(text).not.toContain(other);
  const list = createQueueCommand(command).commands.find((verb) => verb.name() === 'list');
  expect(list?.helpInformation()).toContain(`--from <time>      ${command.dated} at this time or later`);
});

test('a list reads each group a bounded number of times, because each error may be a group of its own', () => {
  const reads = (count: number) => {
    let read = 0;
    const groups = Array.from({ length: count }, (_, index) => ({
      get worker() {
        read++;
        return index < count / 2 ? 'inbound' : 'other';
      },
      reason: 'attempts_exhausted',
      error: `Error: ${index}`,
      place: '',
      count: 2,
      types: { 'message.inbound': 2 },
      codeVersions: [],
      oldest: '2026-01-31T00:00:00.000Z',
      newest: '2026-01-31T00:00:00.000Z',
      example: `evt_${index}`,
    }));
    const text = listText({ ...empty, groups }, deadLetters, {});
    for (const worker of ['inbound', 'other']) expect(text).toContain(`${worker}: ${count} dead letters`);
    return read / count;
  };
  expect(reads(400)).toBeLessThanOrEqual(reads(40) + 0.5);
});
