/** AWS calls by their permission and what they act on, and how many of each. */
export type Calls = Readonly<Record<string, number>>;

/**
 * The AWS calls of every step of an event. `test/budgets.test.ts` counts them over the wire in the local run and
 * fails if one differs. So the cost model charges the calls that the functions make.
 */
export const calls = {
  receiver: {
    /** For an event that is accepted, whether it is new or a duplicate. */
    event: { 'sqs:SendMessage Queue': 1 },
    /** When an execution environment starts, and every five minutes while it is used (lambda/receiver/secrets.ts). */
    secret: { 'secretsmanager:GetSecretValue SigningSecret': 1 },
  },
  worker: {
    /** The claim, and the record that the event was handled: no event is handled without both. */
    event: { 'dynamodb:PutItem IdempotencyTable': 1, 'dynamodb:UpdateItem IdempotencyTable': 1 },
    /** A duplicate is a claim that is refused. AWS charges the write all the same. */
    duplicate: { 'dynamodb:PutItem IdempotencyTable': 1 },
    /** The claim is deleted, the run is recorded, and the message is hidden until its next attempt. */
    failedAttempt: {
      'dynamodb:PutItem IdempotencyTable': 2,
      'dynamodb:DeleteItem IdempotencyTable': 1,
      'sqs:ChangeMessageVisibility Queue': 1,
    },
    /** What every receive after the first adds, whatever its outcome: it reads the earlier runs, and counts its own. */
    laterAttempt: { 'dynamodb:GetItem IdempotencyTable': 1, 'dynamodb:PutItem IdempotencyTable': 1 },
    /** What an event about a message, a template, a call or the like adds: the worker records it before its handler runs. */
    messages: { 'dynamodb:UpdateItem Messages': 1 },
    /** What such an event adds besides if it does not succeed the others: the first write is refused, and there is a second. */
    messagesLate: { 'dynamodb:UpdateItem Messages': 1 },
    /** What each later attempt of such an event adds: it is recorded already, so that the write is refused. */
    messagesAgain: { 'dynamodb:UpdateItem Messages': 1 },
    /** What an event bus adds to a new event: the publication has a claim of its own (docs/decisions/0012). */
    publication: {
      'dynamodb:PutItem IdempotencyTable': 1,
      'dynamodb:UpdateItem IdempotencyTable': 1,
      'events:PutEvents EventBus': 1,
    },
    /** What an event bus adds to a duplicate. */
    duplicatePublication: { 'dynamodb:PutItem IdempotencyTable': 1 },
  },
  /** Lambda's poller, for a batch in which at least one event was handled. */
  poller: { batch: { 'sqs:ReceiveMessage Queue': 1, 'sqs:DeleteMessage Queue': 1 } },
} as const satisfies Record<string, Record<string, Calls>>;

/** The calls of several steps together. */
export function sumOf(...steps: readonly Calls[]): Calls {
  const sum: Record<string, number> = {};
  for (const step of steps) {
    for (const [call, times] of Object.entries(step)) sum[call] = (sum[call] ?? 0) + times;
  }
  return sum;
}
