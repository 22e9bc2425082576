import { handler } from '../../../../lambda/handlers/default/template-rejected.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'template.rejected');
