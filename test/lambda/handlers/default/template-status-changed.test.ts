import { handler } from '../../../../lambda/handlers/default/template-status-changed.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'template.status_changed');
