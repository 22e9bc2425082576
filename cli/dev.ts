import { createStart } from './start/command.ts';

/** `npx zavu-webhooks dev`: a local run that deploys again when a file changes. */
export const command = createStart('dev', { watch: true });
