/**
 * What a worker's environment says of the messages table. `lib/messages/messages-table.ts` sets all of these, or none
 * where the table is switched off.
 */
export const messagesEnv = ['MESSAGES_TABLE', 'MESSAGE_RETENTION_SECONDS', 'STORE_CONTENT'] as const;

export type MessagesVariable = (typeof messagesEnv)[number];
