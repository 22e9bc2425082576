import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../lib/settings/settings.ts';
import { WebhookStack, type WebhookStackProps } from '../../lib/webhook-stack.ts';
import { handlers, type WorkerName } from './handlers.ts';

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));

/** CDK's flags as in cdk.json, whose settings a user may change. */
const ownContext = { ...context, zavu: { stages: { dev: { retainData: false, logRetentionDays: 30 } } } };

export type TestStack = WebhookStack<WorkerName>;

export interface SynthesizedResource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

/** The stack of an app that has cdk.json's flags, these `-c` settings, and the tests' own handlers. */
export function createStack(
  settings: Record<string, unknown> = {},
  workers: NonNullable<WebhookStackProps<WorkerName>['workers']> = {},
): TestStack {
  const app = new App({ context: { ...ownContext, ...settings } });
  return new WebhookStack(app, 'Test', { handlers, settings: readSettings(app.node), workers });
}

/** The stack as `cdk synth` writes it, with these `-c` settings. */
export function synthesizeStack(settings: Record<string, unknown> = {}): Template {
  return Template.fromStack(createStack(settings));
}

/** The resources of a type, by logical id. */
export function resources(template: Template, type: string): [string, SynthesizedResource][] {
  return Object.entries(template.findResources(type)) as [string, SynthesizedResource][];
}

/** The logical id that an intrinsic (`Ref` or `Fn::GetAtt`) points at. */
export function target(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return Ref ?? attribute?.[0];
}

/** A text that the deployment completes, with names in angle brackets for what it will put in. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(textOf).join(join[0]) : `<${target(value)}>`;
}

/** The variables of a function, by its properties. */
export function environmentOf(properties: Record<string, unknown> = {}): Record<string, unknown> {
  return (properties.Environment as { Variables: Record<string, unknown> }).Variables;
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

/**
 * What the policies of a function's role say, as sentences: `Allow sqs:SendMessage InboundWorkerQueue`, sorted.
 *
 * @param properties of the function
 */
export function grantsOf(template: Template, { Role }: Record<string, unknown>): string[] {
  const role = target(Role);
  return resources(template, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => (Properties.Roles as unknown[]).some((each) => target(each) === role))
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement)
    .flatMap(({ Effect, Action, Resource }) =>
      [Resource].flat().flatMap((on) => [Action].flat().map((action) => `${Effect} ${action} ${idOf(on)}`)),
    )
    .sort();
}

/** A resource's logical id without its hash, so that a grant reads as a sentence. */
const idOf = (on: unknown) =>
  on === '*' ? '*' : (target(on)?.replace(/[0-9A-F]{8}$/, '') ?? JSON.stringify(on));

/** What each function of the stack may do: log. */
export function loggingGrants(part: string): string[] {
  return [`Allow logs:CreateLogStream ${part}FunctionLogs`, `Allow logs:PutLogEvents ${part}FunctionLogs`];
}
