import { deploymentUsage } from '../shared/deployment.ts';
import { rateUsage } from '../shared/rate.ts';
import { timeUsage } from '../shared/time.ts';

/**
 * The options that both commands have, and what both of them do to a queue.
 *
 * @param since the time that `--since` compares
 */
export const sharedUsage = (
  since: string,
) => `Which messages. A message must fit every option that you give. All but --since may be given several times: then the
message must fit one of the values.
  --type <type>        event type
  --id <id>            event id, or SQS message id
  --since <time>       ${since} at this time or later

${timeUsage}

On which deployment:
${deploymentUsage}

How:
  --details            list: the single messages, too
  --reveal             list, show: errors with their messages; show: bodies. They hold texts and phone numbers
  --json               list, show: one JSON document, for scripts
  --all                redrive, discard: all messages, if you give no filter
  --rate <n>           redrive: messages ${rateUsage}
  --dry-run            redrive, discard: only say how many
  --yes                discard: do not ask
  --export <file>      discard: write each message into a file before it is deleted
  --limit <n>          read at most n messages of each queue (default 100000)

An exported file has one JSON object a line, in ASCII. \`body\` and \`attributes\` are the message's own, so that it can be
sent again as it was. If \`encoding\` is among the attributes, \`signed\` holds what was signed: as \`text\`, or as \`base64\`
if its bytes are no text.

What this does to a queue. SQS shows messages only by handing them out. So each message is hidden from others while
this runs, for 30 s and a little more per hundred messages, 15 min at the most, and is then released. An alarm on the
queue may end and fire again meanwhile. The receive count of the messages grows, which nothing reads there. Others may
receive some messages meanwhile: this says how many it could not see. The messages come in no order.
After Ctrl-C it finishes the messages in hand, ten a queue at the most, and releases the others. If it is killed, the
messages that it held stay hidden for that time. A redrive deletes a message once SQS holds the one that was sent, so
nothing is lost. If it is killed in between, it leaves a duplicate, which the worker recognizes.`;
