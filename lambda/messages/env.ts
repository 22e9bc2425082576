/**
 * The variables of a worker that concern the messages table. `lib/messages/messages-table.ts` sets all of them, or none
 * if the table is switched off.
 */
export const messagesEnv = ['MESSAGES_TABLE', 'MESSAGE_RETENTION_SECONDS', 'STORE_MESSAGE_CONTENT'] as const;

export type MessagesVariable = (typeof messagesEnv)[number];
