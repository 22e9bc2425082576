import { handler } from '../../../../lambda/handlers/default/conversation-new.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'conversation.new');
