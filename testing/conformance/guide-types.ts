/** The event types of Zavu's webhook guide: their samples are byte for byte as the guide prints them. */
export const guideTypes: readonly string[] = [
  'message.queued',
  'message.sent',
  'message.delivered',
  'message.failed',
  'message.inbound',
  'template.approved',
  'template.rejected',
];
