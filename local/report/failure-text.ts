import { docsPage } from '../../lib/docs-page.ts';
import type { AttemptFailure, Failure } from '../failures/failure.ts';
import type { Interruption } from '../failures/interruption.ts';
import type { Place } from '../failures/source-places.ts';
import { pastedWord } from '../pasted-word.ts';
import { printable } from '../printable.ts';
import type { OutcomeLine } from './outcome-line.ts';
import type { PrintingPlace } from './reporter.ts';
import { timeOfDay } from './time-of-day.ts';

/** The longest message that is shown, in characters and in lines. */
const maxMessage = 600;
const maxMessageLines = 8;
/** How many events of a batch are named. */
const maxNamed = 10;

/** What was thrown: its class and message, the place in the source, and what caused it. */
function failureLines({ name, message, place, causes }: Failure): string[] {
  return [
    ...messageLines(`${name}: ${message}`),
    ...placeLines(place),
    ...causes.flatMap((cause) => messageLines(`caused by ${cause.name}: ${cause.message}`)),
  ];
}

/** A failed attempt, and what comes next, as its worker's line about the event says. */
export function attemptLines(
  failure: AttemptFailure,
  { outcome, retryInSeconds }: OutcomeLine,
  now: Date,
): string[] {
  const { id, attempt, attempts } = failure;
  const which = `Attempt ${attempt} of ${attempts}.`;
  const command = (text: string) => printable(`npx zavu-webhooks ${text} ${pastedWord(id)}`);
  if (outcome === 'dead_lettered') {
    return [
      ...failureLines(failure),
      `${which} To have it tried again: ${command('dead-letters redrive --id')}`,
    ];
  }
  const next =
    typeof retryInSeconds === 'number'
      ? `The next one comes at ${timeOfDay(new Date(now.getTime() + retryInSeconds * 1000))}.`
      : 'The next one comes when the queue shows it again.';
  return [...failureLines(failure), `${which} ${next} To have it now: ${command('retry')}`];
}

/** What ended an invocation, where it was, and which of its events come back. */
export function interruptionLines({
  isRejection,
  events,
  uncaught,
  place,
  isWaiting,
  backInSeconds,
}: Interruption): string[] {
  const named = events.slice(0, maxNamed).map(({ id }) => printable(id));
  const more = events.length > maxNamed ? ` and ${events.length - maxNamed} more` : '';
  const title = isRejection ? 'A promise was rejected that nobody awaits:' : 'Nobody caught:';
  const back = backInSeconds === undefined ? '' : `, back in about ${backInSeconds} s`;
  const now =
    events[0] && backInSeconds !== undefined
      ? `. To have one now: ${printable(`npx zavu-webhooks retry ${pastedWord(events[0].id)}`)}`
      : '';
  return [
    ...(uncaught ? [title, ...failureLines(uncaught)] : placeLines(place)),
    ...(isWaiting ? ['No code ran: it waited for something. Pass `signal` to what it calls.'] : []),
    ...(events.length > 0 ? [`Under way: ${named.join(', ')}${more}${back}${now}`] : []),
  ];
}

/** Code that prints what CloudWatch would keep. */
export function printingLines({ method, place }: PrintingPlace): string[] {
  return [
    `console.${method} prints into CloudWatch on AWS, and what it prints may hold texts and telephone numbers.`,
    ...placeLines(place),
    `Use the \`logger\` of the context, whose fields are checked: ${docsPage('handlers.md')}, "What a log line takes".`,
  ];
}

function placeLines(place: Place | undefined): string[] {
  if (!place) return [];
  // The lines of a source were made fit for a terminal where they were read, and may hold more than ASCII.
  return [
    printable(`at ${place.file}:${place.line}:${place.column}`),
    ...place.code.map((line) => `  ${line}`),
  ];
}

function messageLines(text: string): string[] {
  const short = text.length > maxMessage ? `${text.slice(0, maxMessage)}...` : text;
  return short
    .split(/\r\n|\r|\n/)
    .slice(0, maxMessageLines)
    .map(printable);
}
