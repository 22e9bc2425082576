import { createStart } from './start/command.ts';

/** `npx zavu-webhooks start`. */
export const command = createStart('start', { watch: false });
