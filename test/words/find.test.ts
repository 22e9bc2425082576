import { findRetired } from './find.ts';

const found = (text: string, file = 'docs/page.md') => findRetired(file, text).map((hit) => hit.text);

test.each([
  ['It is set aside.', 'set aside'],
  ['deadLetters.setAside(event)', 'setAside'],
  ['the parking queue', 'parking'],
  ['const isParked = true', 'Parked'],
  ['PARKING_QUEUE_URL', 'PARKING'],
  ['each letter by itself', 'letter'],
  ['readLetters(queue)', 'Letters'],
  ['a Shelf', 'Shelf'],
  ['The memory of handled events ends', 'The memory of handled events'],
  ['throughput of the memory', 'throughput of the memory'],
  ['the cause is mended', 'mended'],
  ['stack.mend()', 'mend'],
  ['the alarm rings', 'rings'],
  ['does something ring', 'ring'],
  ['createRestingQueue()', 'Resting'],
  ['an event rests', 'rests'],
  ['they rest for 14 days', 'rest'],
  ['a copy of an event', 'copy of an event'],
  ['another copy holds the claim', 'another copy'],
  ['14 copies left out', 'copies left out'],
  ['with its labels', 'labels'],
  ['lastingLabels(message)', 'Labels'],
  ['redrive --worker nobody', '--worker nobody'],
  ["const nobody = 'nobody'", "'nobody'"],
  ['the table is out of\nreach', 'out of\nreach'],
  ['the guide says', 'the guide'],
  ['a sandbox of the receiver', 'sandbox'],
  ['{ "until": "2026" }', '"until"'],
  ['-c silenceHours=6', 'silenceHours'],
  ['redrive --by-sqs', 'by-sqs'],
  ['rotate --zavu-sender snd_1', 'zavu-sender'],
  ["outcome: 'in-progress'", "'in-progress'"],
  ['the alarm OldestMessage', 'OldestMessage'],
  ['const mostRows = 20', 'mostRows'],
  ['export const leastRefreshMs', 'leastRefreshMs'],
  ['the local stack', 'local stack'],
  ['/** the local\n * stack */', 'local\n * stack'],
  ['class LocalStack', 'LocalStack'],
  ['drawnFates', 'Fates'],
  ['class OnceGuard', 'OnceGuard'],
])('%j has a retired word', (text, word) => {
  expect(found(text)).toContain(word);
});

test.each([
  'a string, strings of JSON, stringsOf, during, bring, a refresh that brings the list',
  'restTime, REST, the rest of the batch, and the rest waits, { ...rest }, restore, a restart',
  'a dead letter, dead letters, dead-letter queue, deadLetters, DeadLetterReason, dead_lettered, DEAD_LETTER_URL',
  'becomes a dead\nletter after its attempts',
  '// a dead\n   // letter',
  '1 to 64 letters, digits, "_" and "-"',
  '64 letters and\n * digits, LettersAndDigits',
  'What reports say of the memory. A word about the memory, and the report.',
  'copies a message to the dead-letter queue, copy it again from Zavu, copies of the pages of AWS',
  'more memory, out of memory, the memory that it holds, memoryMb, MB of memory',
  'recommend, amend, append, Spark, SPARKED, sharks',
  '<label for="a">, aria-label',
  '<text class="label">',
  'ApproximateAgeOfOldestMessage',
  "status: 'in progress'",
  'until the queue is empty',
  'at least one, the most Events, almostAll, leastwise',
])('%j has none', (text) => {
  expect(found(text, text.startsWith('<') ? 'page.html' : 'docs/page.md')).toEqual([]);
});

test('a word that counts in documents alone may stand in code', () => {
  expect(found('a sandbox', 'local/runtime/sandbox.ts')).toEqual([]);
});

test('the product LocalStack has its name in the decisions that compare it, and our local run is not called so there', () => {
  const decision = 'docs/decisions/0022-own-cloudwatch.md';
  expect(found('LocalStack needs Docker', decision)).toEqual([]);
  expect(found('LocalStack needs Docker')).toEqual(['LocalStack']);
  expect(found('a local stack', decision)).toEqual(['local stack']);
});

test('"the guide" may be said in a file that says which', () => {
  expect(found("Zavu's webhook guide. The guide says")).toEqual([]);
});

test('a hit has its line, and what to say', () => {
  expect(findRetired('docs/page.md', 'One.\nIt rings.\n')).toEqual([
    { line: 2, text: 'rings', say: 'an alarm fires, goes off, or enters ALARM' },
  ]);
});
