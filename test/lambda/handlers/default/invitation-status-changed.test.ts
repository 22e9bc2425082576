import { handler } from '../../../../lambda/handlers/default/invitation-status-changed.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'invitation.status_changed');
