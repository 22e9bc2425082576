import { handler } from '../../../../lambda/handlers/default/broadcast-status-changed.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'broadcast.status_changed');
