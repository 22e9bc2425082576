import { handler } from '../../../../lambda/handlers/default/message-unsupported.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'message.unsupported');
