import { handler } from '../../../../lambda/handlers/default/message-read.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'message.read');
