import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Routes } from '../../../lambda/routing/routes.ts';
import { warnOfGoneWorkers } from '../../../lib/worker/gone-workers.ts';

const outdir = () => mkdtempSync(join(tmpdir(), 'gone-'));

/** Writes a template as `addOutputs` and the synthesis would, with these workers. */
function leaveTemplate(directory: string, template: object | string): void {
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  writeFileSync(join(directory, 'Mine.template.json'), text);
}

const templateWith = (routes: unknown) => ({ Outputs: { Routes: { Value: routes } } });

/** The warnings of a synthesis with these workers, and the template that it leaves. */
function synthesize(directory: string, ...workers: string[]): string[] {
  const app = new App({ outdir: directory });
  const stack = new Stack(app, 'Mine');
  warnOfGoneWorkers(stack, new Routes(workers.map((name) => [name, ['message.inbound']])));
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  return warnings.map(({ entry }) => String(entry.data));
}

test('nothing is said without an earlier synthesis, or if every worker is still there', () => {
  const directory = outdir();
  expect(synthesize(directory, 'inbound')).toEqual([]);
  leaveTemplate(directory, templateWith('inbound=message.inbound'));
  expect(synthesize(directory, 'inbound', 'billing')).toEqual([]);
});

test('a worker that went is named, with what to do, and again at the next synthesis', () => {
  const directory = outdir();
  leaveTemplate(directory, templateWith('inbound=message.inbound;billing=call.failed'));
  for (let time = 0; time < 3; time++) {
    const [warning, ...others] = synthesize(directory, 'inbound');
    expect(warning).toContain('The billing worker is gone.');
    expect(warning).toContain("draining: ['billing']");
    expect(others).toEqual([]);
  }
  expect(synthesize(directory, 'inbound', 'billing')).toEqual([]);
});

test('a worker that was draining may go', () => {
  const directory = outdir();
  leaveTemplate(directory, templateWith('inbound=message.inbound;billing='));
  expect(synthesize(directory, 'inbound')).toEqual([]);
});

test.each([
  ['cut off', '{"Outputs": {'],
  ['of an earlier version', { Outputs: { WebhookUrl: { Value: 'any' } } }],
  ['with routes that only the deployment knows', templateWith({ Ref: 'Routes' })],
  ['with routes in another form', templateWith('???')],
])('a template that is %s says nothing', (_name, template) => {
  const directory = outdir();
  leaveTemplate(directory, template);
  expect(synthesize(directory, 'inbound')).toEqual([]);
});
