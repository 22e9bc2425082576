import { createQueueCommand } from '../../../cli/dead-letters/command.ts';
import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { detailsText } from '../../../cli/dead-letters/list-text.ts';
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
