import { handler } from '../../../../lambda/handlers/default/domain.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'domain.verified', 'domain.failed');
