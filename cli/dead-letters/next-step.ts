import type { DeadLetterReason } from '../../lambda/queued-event/dead-letter.ts';
import type { DeploymentChoice } from '../shared/deployment.ts';
import type { Group } from './groups.ts';
import type { Kind } from './redrive-source.ts';
import { errorClass, type Facts } from './stored-message.ts';
import type { Stay } from './unrouted-destination.ts';

/** What happened, by the label `reason` (lambda/queued-event/dead-letter.ts), and what to do before a redrive. */
const causes: Readonly<Record<DeadLetterReason | 'none', string>> = {
  permanent_failure: 'The handler said that no retry helps. Mend the data or the handler, deploy, then:',
  attempts_exhausted: 'Every attempt failed. Mend the handler, or wait for what it calls, then:',
  function_died:
    'The function died in the last attempt. See Max Memory Used in its log; give it more memory, or mend the handler, deploy, then:',
  timed_out:
    'The function was killed at its time-out in the last attempt. Let the handler end at its signal, or raise the time-out, deploy, then:',
  throttled:
    'It was received more often than it was tried: Lambda throttled the worker, or it waited too long (docs/runbook.md, WorkerThrottles). When that is over:',
  claim_unavailable:
    'It could not be claimed: the idempotency table was out of reach, or another copy held the claim. It may be handled; a redrive then finds a duplicate:',
  no_handler:
    'Its type moved to another worker while it was queued. This sends it to the one that has it now:',
  malformed_message:
    'Something other than the receiver wrote it. Find out who may send to the queue. Look at it:',
  not_published:
    'It was handled; the event bus did not take it, or the idempotency table was unavailable. This publishes it, and handles nothing:',
  none: 'SQS moved it: its worker did not run, or ended, each time that it was received (docs/runbook.md, WorkerErrors and WorkerThrottles). Then:',
};

/** A group's next step: a sentence, and the command for it. */
export function nextStep(
  group: Group,
  kind: Kind,
  deployment: DeploymentChoice,
): { why: string; command: string } {
  const { worker, reason, error, example } = group;
  const command = (...words: string[]) => commandLine(kind, deployment, ...words);
  if (kind.command === 'unrouted') return nextStepOfUnrouted(group, command);
  const why = isKnown(reason)
    ? causes[reason]
    : 'A reason that this version does not know. Read docs/runbook.md, then:';
  if (reason === 'malformed_message') return { why, command: command('show', '--id', example, '--reveal') };
  const shown = error.includes(': ') ? errorClass(error) : error;
  const byError = shown === 'none' ? [] : ['--error', shown];
  return { why, command: command('redrive', '--worker', worker, '--reason', reason, ...byError) };
}

function nextStepOfUnrouted(
  { worker, reason, stays, example }: Group,
  command: (...words: string[]) => string,
): { why: string; command: string } {
  if (stays === undefined) {
    return {
      why: `The ${worker} worker handles them now. Once that is deployed:`,
      command: command('redrive', '--worker', worker, '--reason', reason),
    };
  }
  if (stays === 'unrouted') {
    return {
      why: 'No worker handles these types. Route them (lambda/routing/routes.ts), write their handlers, deploy, then:',
      command: command('redrive', '--reason', reason),
    };
  }
  return {
    why: `They stay: ${whyItStays(stays, { reason, type: '' })}`,
    command: command('show', '--id', example, '--reveal'),
  };
}

/** Why a redrive leaves events where they are, and what to do about it: the end of a sentence about them. */
export function whyItStays(stays: Stay, { reason, type }: Pick<Facts, 'reason' | 'type'>): string {
  switch (stays) {
    case 'unreadable':
      return 'no type can be read from them. Let lambda/zavu/envelope.ts read them (docs/runbook.md, UnreadableEvents).';
    case 'unrouted':
      return `no worker handles ${type}. Route it in lambda/routing/routes.ts and deploy.`;
    case 'bound_elsewhere':
      return 'the secret that signed them is bound to another sender or project than they say. Nothing proves whose they are: look at them, and discard them.';
    case 'owner_unknown':
    case 'age_unknown': {
      const lacks = {
        owner_unknown: 'whose they are, and a bound secret signed them',
        age_unknown: 'how old they are',
      };
      const names = [...new Set([reason, stays])].map((name) => `--reason ${name}`);
      return `they do not say ${lacks[stays]}. Look at them. If they are right, redrive with ${names.join(' ')}.`;
    }
  }
}

/** The reasons that a dead letter may have. */
export const reasons = Object.keys(causes);

function isKnown(reason: string): reason is keyof typeof causes {
  return Object.hasOwn(causes, reason);
}

/** A command on the same deployment, to be copied into a shell. */
export function commandLine({ command }: Kind, deployment: DeploymentChoice, ...words: string[]): string {
  const given = Object.entries(deployment).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  const all = [...words, ...given].map(quoted);
  return ['npm run', command, ...(all.length > 0 ? ['--', ...all] : [])].join(' ');
}

/** A word as a shell reads it. Ids and types come from outside. */
function quoted(word: string): string {
  return /^[\w.,:/=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
