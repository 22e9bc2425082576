import { handler } from '../../../../lambda/handlers/default/template-approved.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'template.approved');
