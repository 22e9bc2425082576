import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../lib/settings/settings.ts';
import { WebhookStack, type WebhookStackProps } from '../../lib/webhook-stack.ts';

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));

export interface SynthesizedResource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

/** The stack of an app that has cdk.json's context and these `-c` settings. */
export function createStack(
  settings: Record<string, unknown> = {},
  workers: NonNullable<WebhookStackProps['workers']> = {},
): WebhookStack {
  const app = new App({ context: { ...context, ...settings } });
  return new WebhookStack(app, 'Test', { settings: readSettings(app.node), workers });
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
