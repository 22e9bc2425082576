/** What the help of both commands says of all verbs. */
export const queueNotes = [
  '<verb> --help lists the options of a verb. A message must fit every option that chooses messages, and one of the values ' +
    'of an option that is repeated.',
  'An exported file has one JSON object a line, in ASCII. "body" and "attributes" are the message\'s own, so that it can ' +
    'be sent again as it was. If "encoding" is among the attributes, "signed" holds what was signed: as "text", or as ' +
    '"base64" if its bytes are no text.',
  'What this does to a queue. SQS shows messages only by handing them out. So each message is hidden from others while ' +
    'this runs, for 30 s and a little more per hundred messages, 15 min at the most, and is then released. An alarm on the ' +
    'queue may end and fire again meanwhile. The receive count of the messages grows, which nothing reads there. Others ' +
    'may receive some messages meanwhile: this says how many it could not see. The messages come in no order.',
  'After Ctrl-C it finishes the messages in hand, ten a queue at the most, and releases the others. If it is killed, the ' +
    'messages that it held stay hidden for that time. A redrive deletes a message once SQS holds the one that was sent, so ' +
    'nothing is lost. If it is killed in between, it leaves a duplicate, which the worker recognizes.',
];
