import { startDynamoDb } from '../../local/aws/dynamodb/dynamodb.ts';
import { startSqs } from '../../local/aws/sqs/sqs.ts';

/** Runs the emulators in a process of their own and prints where, until standard input ends. */
const [sqs, dynamodb] = await Promise.all([startSqs(), startDynamoDb()]);
process.stdout.write(`${JSON.stringify({ sqs: sqs.endpoint, dynamodb: dynamodb.endpoint })}\n`);
process.stdin.on('end', () => process.exit()).resume();
