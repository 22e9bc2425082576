import { deploymentUsage } from '../shared/deployment.ts';

/** The options that both commands have, and what both of them do to a queue. */
export const sharedUsage = `Which of them; each option may be given several times, and all that are given must fit:
  --type <type>        event type
  --id <id>            event id, or SQS message id
  --since <when>       90m, 2h, 3d ago, or 2026-01-31T09:30Z

Where:
${deploymentUsage}

How:
  --details            list: the single ones, too
  --reveal             list, show: errors with their messages; show: bodies. They hold texts and phone numbers
  --json               list, show: one JSON document, for scripts: npm run --silent …
  --all                redrive, discard: all of them, where no filter is given
  --rate <n>           redrive: so many a second (50; 500 at the most)
  --dry-run            redrive, discard: only say how many
  --yes                discard: do not ask
  --export <file>      discard: write each into a file before it is deleted
  --limit <n>          looks at so many of a queue at the most (100000)

A file has a JSON object a line, in ASCII. Its \`body\` and \`attributes\` are the message's, to send it again as it was.
Where \`encoding\` is among those, \`signed\` has what was signed: as \`text\`, or as \`base64\` where its bytes are no text.

What it does to a queue. SQS shows messages only by handing them out, so each is hidden from others while this runs,
for 30 s and a little more per hundred of them, 15 min at the most, and is then given back; an alarm on the queue may
end and ring again meanwhile. Their receive count grows, which nothing reads there. Others may take some meanwhile:
how many were out of sight is said. There is no order.
Ctrl-C finishes those in hand, ten a queue at the most, and gives the others back. Killed, it leaves those that it
held hidden for that time. A redrive deletes what SQS has taken as sent, so nothing is lost; killed in between it
leaves a copy, which the worker recognizes.

Exit code: 0 fine, 1 something failed or was cut short, 2 the command was given wrongly.`;
