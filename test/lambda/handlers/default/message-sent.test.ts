import { handler } from '../../../../lambda/handlers/default/message-sent.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'message.sent');
