import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asUser, failAsUser, judgedBefore, type StartedRun, startLocalRun } from './user.ts';

const broken = `import { type Handler, PermanentFailure } from 'zavu-webhooks/handlers';

class UnknownCustomer extends PermanentFailure {
  override readonly name = 'UnknownCustomer';
}

export const handler: Handler<'message.inbound'> = async ({ data }) => {
  if (data.text === 'nobody') throw new UnknownCustomer('no such customer');
  console.log(data);
  throw new TypeError('the CRM is down', { cause: new Error('no route') });
};
`;

/**
 * What somebody does who writes handlers: all of it by the installed command, in the folder of the starter, beside one
 * local run.
 *
 * @param app the folder, in which the package is installed by npm
 */
export function describeWork(app: string): void {
  describe('the starter of npm, while a handler is written', () => {
    const handler = join(app, 'lambda/handlers/message-inbound.ts');
    const variables = join(app, '.env.local');
    const bin = join(app, 'bin/app.ts');
    /** One character for each synthesis. */
    const syntheses = () => readFileSync(join(app, 'syntheses.txt'), 'utf8');
    let original = '';
    let originalApp = '';
    let local: StartedRun;

    const zavu = (...args: readonly string[]) => asUser(app, 'npx', 'zavu-webhooks', ...args);
    const send = async (...args: readonly string[]) => {
      const { printed } = await zavu('send', 'message.inbound', '--fresh', ...args);
      return printed.match(/"id":"([^"]+)"/)?.[1] ?? '';
    };

    beforeAll(async () => {
      original = readFileSync(handler, 'utf8');
      originalApp = readFileSync(bin, 'utf8');
      writeFileSync(
        bin,
        `import { appendFileSync } from 'node:fs';\n${originalApp}appendFileSync('syntheses.txt', '.');\n`,
      );
      writeFileSync(handler, broken);
      writeFileSync(variables, 'CRM_URL=http://127.0.0.1:1\r\n');
      local = await startLocalRun(app, ['npx', 'zavu-webhooks', 'dev'], judgedBefore);
    });
    afterAll(async () => {
      await local?.stop();
      writeFileSync(handler, original);
      writeFileSync(bin, originalApp);
    });

    test('a failing handler tells its author why, and its fix is live for the next attempt', async () => {
      const id = await send();
      const error = await local.until('error', (line) => line.id === id);
      expect(error).toMatchObject({ name: 'TypeError', message: 'the CRM is down', attempt: 1 });
      expect(error.place?.file).toMatch(/message-inbound\.ts$/);
      expect(error.place?.code.join('\n')).toContain("throw new TypeError('the CRM is down'");
      expect(await local.until('printed', () => true)).toMatchObject({ worker: 'inbound' });
      expect(await local.until('retried', (line) => line.id === id)).toMatchObject({
        error: 'TypeError < Error',
      });

      writeFileSync(handler, original);
      await local.untilPrinted(/Deployed again in .*message-inbound\.ts/);
      expect(syntheses()).toBe('.');
      expect((await zavu('retry', id)).printed).toContain(`${id} comes to inbound now.`);
      expect(await local.until('handled', (line) => line.id === id)).toMatchObject({ attempt: 2 });

      // All that is known of it, in one place, and nothing of what the customer wrote.
      const { stdout } = await zavu('event', id);
      for (const word of ['queued', 'retried', 'TypeError', 'handled']) expect(stdout).toContain(word);
      expect(stdout).not.toMatch(/\+\d{8,}/);
      const messageId = stdout.match(/zavu-webhooks message (\S+)/)?.[1] ?? '';
      expect((await zavu('message', messageId)).stdout).toContain(id);
    });

    test('while a worker is paused, its events wait', async () => {
      expect((await zavu('pause', '--worker', 'inbound', '--for', '1h')).printed).toContain('inbound');
      const id = await send();
      expect(JSON.parse((await zavu('pause', '--json')).stdout)).toMatchObject({
        workers: expect.arrayContaining([expect.objectContaining({ worker: 'inbound' })]),
      });
      await zavu('resume', '--worker', 'inbound');
      expect(await local.endOf(id)).toBe('handled');
    });

    test('a kind of PermanentFailure is a group of its own, with its place', async () => {
      writeFileSync(handler, broken);
      await local.untilPrinted(/(Deployed again in [\s\S]*){2}/);
      const id = await send('--set', 'data.text=nobody');
      expect(await local.endOf(id)).toBe('dead_lettered');
      const { groups } = JSON.parse((await zavu('dead-letters', '--json')).stdout);
      expect(groups).toMatchObject([
        { error: 'UnknownCustomer', place: expect.stringMatching(/\.mjs:\d+:\d+$/) },
      ]);
    });

    test('a change of the app is synthesized', async () => {
      writeFileSync(bin, `${readFileSync(bin, 'utf8')}\n`);
      await local.untilPrinted(/Deployed again in .*app\.ts/);
      expect(syntheses()).toBe('..');
    });

    test('.env.local is read, whatever ends its lines', () => {
      expect(local.ready.unusedVariables.join()).toContain('CRM_URL');
    });

    test("a page in the developer's browser reaches nothing of it", async () => {
      const addresses = [local.ready.url, ...Object.values(local.ready.endpoints).filter(Boolean)];
      for (const address of addresses) {
        const { status, headers } = await fetch(address, {
          method: 'POST',
          headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
          body: 'Action=ListTopics',
        });
        expect({ address, status }).toEqual({ address, status: 403 });
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    });

    test('what is mistyped is refused with the nearest name, and completed before', async () => {
      const refused = async (...args: readonly string[]) =>
        (await failAsUser(app, 'npx', 'zavu-webhooks', ...args)).printed;
      expect(await refused('dead-leters')).toContain('Did you mean dead-letters?');
      expect(await refused('send', 'message.inbound', '--tims', '2')).toContain('Did you mean --times?');
      expect(await refused('start', '--port=0', '-c', 'archve=true')).toContain('Did you mean archive?');
      expect((await zavu('complete', '--', 'dead-letters', 'redrive', '--')).stdout).toContain('--place');
    });
  });
}
