/** AWS calls by their permission and what they act on, and how many of each. */
export type Calls = Readonly<Record<string, number>>;

/**
 * The AWS calls of every step of an event. `test/budgets.test.ts` counts them over the wire in the local stack and
 * fails where one differs: what the model of the costs charges is what the functions do.
 */
export const calls = {
  receiver: {
    /** For an event that is taken, whether it is new or a copy. */
    event: { 'sqs:SendMessage Queue': 1 },
    /** In a new sandbox, and in one that lives every five minutes (lambda/receiver/secrets.ts). */
    secret: { 'secretsmanager:GetSecretValue SigningSecret': 1 },
  },
  worker: {
    /** The claim, and the record that it was handled: no event is handled without both. */
    event: { 'dynamodb:PutItem IdempotencyTable': 1, 'dynamodb:UpdateItem IdempotencyTable': 1 },
    /** A copy is a claim that is refused. It counts as a write all the same. */
    duplicate: { 'dynamodb:PutItem IdempotencyTable': 1 },
    /** The claim is taken back, the run recorded, and the message hidden until its next attempt. */
    failedAttempt: {
      'dynamodb:PutItem IdempotencyTable': 2,
      'dynamodb:DeleteItem IdempotencyTable': 1,
      'sqs:ChangeMessageVisibility Queue': 1,
    },
    /** What a receive after the first adds, whatever comes of it: the runs before are read, and its own is counted. */
    laterAttempt: { 'dynamodb:GetItem IdempotencyTable': 1, 'dynamodb:PutItem IdempotencyTable': 1 },
    /** What a handler that records a message or template adds. */
    messages: { 'dynamodb:GetItem Messages': 1, 'dynamodb:PutItem Messages': 1 },
    /** What a bus adds to a new event, under a claim of its own (docs/decisions/0012). */
    publication: {
      'dynamodb:PutItem IdempotencyTable': 1,
      'dynamodb:UpdateItem IdempotencyTable': 1,
      'events:PutEvents EventBus': 1,
    },
    /** What a bus adds to a copy. */
    duplicatePublication: { 'dynamodb:PutItem IdempotencyTable': 1 },
  },
  /** Lambda's poller, for a batch of which something was handled. */
  poller: { batch: { 'sqs:ReceiveMessage Queue': 1, 'sqs:DeleteMessage Queue': 1 } },
} as const satisfies Record<string, Record<string, Calls>>;

/** All calls of several steps. */
export function sumOf(...steps: readonly Calls[]): Calls {
  const sum: Record<string, number> = {};
  for (const step of steps) {
    for (const [call, times] of Object.entries(step)) sum[call] = (sum[call] ?? 0) + times;
  }
  return sum;
}
