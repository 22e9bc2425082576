/** SQS takes 1 MiB. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const maxMessageBytes = 1_048_576;

/**
 * The largest event that is accepted. As a dead letter it carries message attributes, a little more than 1 KB, which SQS
 * counts.
 */
export const maxEventBytes = maxMessageBytes - 2_048;
