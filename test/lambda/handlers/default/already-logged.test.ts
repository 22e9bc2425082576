import { handler } from '../../../../lambda/handlers/default/already-logged.ts';
import { takesAnyDataSilently } from './any-data.ts';

takesAnyDataSilently(
  handler,
  'message.queued',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.status',
);
