import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Routes } from '../../lambda/routing/routes.ts';
import { outputPrefix } from '../deployment.ts';
import { docsPage } from '../docs-page.ts';
import { outputNames } from '../outputs.ts';

/** What is read of the template that an earlier synthesis left in cdk.out. */
interface EarlierTemplate {
  Outputs?: Record<string, { Value?: unknown } | undefined>;
  Metadata?: Record<string, unknown>;
}

/**
 * Warns of workers that an earlier synthesis had and this one has not. Their queues may hold events, which no function
 * takes any more.
 *
 * It is known from the template that the synthesis before left in the output directory. What is gone is noted in the new
 * template, so that every synthesis warns until the worker is back, or until the directory is deleted. A fresh clone knows
 * of no earlier synthesis: there, `cdk diff` shows what goes. A worker that was draining may go without a warning.
 *
 * @param owner of the workers
 */
export function warnOfGoneWorkers(owner: Construct, routes: Routes): void {
  const stack = Stack.of(owner);
  const key = `ZavuWebhooks${outputPrefix(owner)}GoneWorkers`;
  const earlier = readEarlierTemplate(join(Stage.of(owner)?.outdir ?? '', stack.templateFile));
  const noted: unknown = earlier.Metadata?.[key];
  const before = [
    ...workersOf(earlier.Outputs?.[`${outputPrefix(owner)}${outputNames.routes}`]?.Value),
    ...(Array.isArray(noted) ? noted.map(String) : []),
  ];
  const gone = [...new Set(before)].filter((name) => !routes.workers.includes(name));
  if (gone.length === 0) return;
  stack.templateOptions.metadata = { ...stack.templateOptions.metadata, [key]: gone };
  for (const name of gone) {
    Annotations.of(owner).addWarningV2(
      `zavu-webhooks:gone-worker-${name}`,
      `The ${name} worker is gone. Its queue may hold events, which no function handles any more. Deploy with ` +
        `defineHandlers(…, { draining: ['${name}'] }) until its queues are empty (${docsPage('handlers.md')}, "Rename or remove a ` +
        'worker"). If they are empty, delete cdk.out, and this warning ends.',
    );
  }
}

function readEarlierTemplate(file: string): EarlierTemplate {
  if (!existsSync(file)) return {};
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Cut off while it was written: it says nothing.
    return {};
  }
}

function workersOf(routes: unknown): readonly string[] {
  try {
    // One that was draining may go.
    return typeof routes === 'string' ? Routes.parse(routes).receivingWorkers : [];
  } catch {
    return [];
  }
}
