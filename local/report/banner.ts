import { Routes } from '../../lambda/routing/routes.ts';
import { printable } from '../printable.ts';
import type { DeployedStack } from './reporter.ts';

/** Writes what the local run says once it is ready. */
export function writeBanner(
  write: (line: string) => void,
  url: string,
  secret: string,
  deployment: DeployedStack,
): void {
  const { workers, outputs } = deployment;
  const routes = outputs.Routes === undefined ? undefined : Routes.parse(outputs.Routes);
  write(`\nZavu webhooks, on this machine\n\n  URL     ${url}\n  Secret  ${secret}\n`);
  for (const { name, timeoutSeconds, maximumConcurrency, batchSize } of workers) {
    const types = routes?.typesOf(name) ?? [];
    write(`  ${name.padEnd(10)} ${types.length > 0 ? types.join(', ') : 'no new events'}`);
    write(
      `  ${''.padEnd(10)} batches of ${batchSize}, ${maximumConcurrency} at once, ${timeoutSeconds} s each`,
    );
  }
  const lists = {
    'Not run here': deployment.notRun,
    'Not emulated': deployment.notEmulated,
    'Imported, and not here': deployment.imported,
    'Secrets of your own are set by': deployment.secretVariables,
    'Set by .env.local': deployment.setVariables,
    'In .env.local, and not used': deployment.unusedVariables,
  };
  for (const [title, names] of Object.entries(lists)) {
    if (names.length > 0) write(`\n  ${title}: ${printable(names.join(', '))}`);
  }
  write(
    '\nSend a first event from another terminal: npx zavu-webhooks send message.inbound\nCtrl-C ends it.\n',
  );
}
