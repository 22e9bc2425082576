import { scalingTables } from './tables.ts';

console.log(scalingTables());
