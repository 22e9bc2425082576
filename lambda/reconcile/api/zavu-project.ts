import type Zavudev from '@zavudev/sdk';

export const listNames = [
  'messages',
  'conversations',
  'calls',
  'invitations',
  'templates',
  'broadcasts',
] as const;
export type ListName = (typeof listNames)[number];

/** What each list has. The types are Zavu's own; what really comes is not checked, and may have other forms. */
export interface Listed {
  messages: Zavudev.Message;
  conversations: Zavudev.ConversationListResponse;
  calls: Zavudev.CallListResponse;
  invitations: Zavudev.Invitation;
  templates: Zavudev.Template;
  broadcasts: Zavudev.Broadcast;
}
