import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { App } from 'aws-cdk-lib';
import { commands } from '../../cli/commands.ts';
import { guideLadder, longestLadder, shortestLadder } from '../../lambda/zavu/delivery.ts';
import { readSettings } from '../../lib/settings/settings.ts';
import { type SynthesizedResource, synthesizeStack } from '../support/template.ts';
import { rowsUnder } from './page.ts';

const root = join(import.meta.dirname, '../..');
const markdown = (directory: string) =>
  readdirSync(join(root, directory))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(directory, file));
const files = [...markdown('.'), ...markdown('docs'), ...markdown('docs/decisions')];
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const testFiles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/${file.replaceAll(sep, '/')}`);

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (file: string) =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** How long Zavu goes on sending, and how long a worker goes on trying: the only such times that documents may name. */
const ladders = [shortestLadder.text, longestLadder.text, guideLadder.text];

describe.each(files)('%s', (file) => {
  const text = read(file);

  test('its links lead somewhere', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path ? join(dirname(file), path) : file;
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test('its times between Zavu\u2019s first attempt and its last are those of lambda/zavu/delivery.ts', () => {
    const told = [...text.matchAll(/\b\d+ h\s\d+ min\b/g)].map(([time]) => time.replace(/\s/g, ' '));
    expect(told.filter((time) => !ladders.includes(time))).toEqual([]);
    expect(text).not.toMatch(/(some|three|several|a few) hours/);
  });

  test('its files are there', () => {
    const named = [...text.matchAll(/`((?:bin|lib|lambda|cli|local|testing|test|bench|docs)\/[\w./-]*)`/g)];
    // An app's own folder.
    const paths = named.map(([, path = '']) => path).filter((path) => !path.startsWith('local/seeds'));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('its test files are there', () => {
    const commands = [...text.matchAll(/npx jest ((?: ?[a-z][\w./-]*)+)/g)];
    const named = commands.flatMap(([, paths = '']) => paths.trim().split(' '));
    expect(named.filter((path) => !testFiles.some((file) => file.includes(path)))).toEqual([]);
  });

  test('its scripts, commands and settings are there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const commandNames = Object.entries(commands).flatMap(([name, { alias }]) => [
      name,
      ...(alias ? [alias] : []),
    ]);
    const run = [...text.matchAll(/npx zavu-webhooks ([a-z][\w-]*)/g)].map(([, name = '']) => name);
    expect(run.filter((name) => !commandNames.includes(name))).toEqual([]);
    // One spelling for all: npm has scripts of these names only for who types them.
    expect(named.filter((name) => commandNames.includes(name) && name !== 'dev')).toEqual([]);

    const topic = 'arn:aws:sns:us-east-1:123456789012:alarms';
    const optional = { pagingTopicArn: topic, noTrafficAlarmHours: '24', maxEventAgeSeconds: '21600' };
    const settings = {
      // One or the other.
      ...readSettings(new App({ context: { alarmEmail: 'a@example.com' } }).node),
      ...readSettings(new App({ context: { ...optional, alarmTopicArn: topic } }).node),
    };
    const set = [...text.matchAll(/-c (\w+)=/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'name');
    expect(set.filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
  });
});

test('docs/operations.md names what stays when the stack is deleted, and nothing else', () => {
  const template = synthesizeStack({
    stage: 'prod',
    archive: 'true',
    eventBus: 'true',
    canary: 'true',
    reconcile: 'true',
  });
  const all: Record<string, SynthesizedResource> = template.toJSON().Resources;
  const kept = Object.values(all)
    .filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate')
    .map(({ Type }) => Type);
  const named = [...read('docs/operations.md').matchAll(/^\| `(AWS::\w+::\w+)`/gm)].map(
    ([, type = '']) => type,
  );
  expect(named.toSorted()).toEqual([...new Set(kept)].toSorted());
});

test('docs/commands.md has every command, with its summary', () => {
  const rows = rowsUnder(read('docs/commands.md'), 'command', 'what it does').map((cells) =>
    cells.slice(0, 2),
  );
  const expected = Object.entries(commands).map(([name, { summary }]) => [`\`${name}\``, summary]);
  expect(rows).toEqual(expected);
});

test('CONTRIBUTING.md has every room on its map', () => {
  const rooms = ['lib', 'lambda', 'local'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`),
  );
  const page = read('CONTRIBUTING.md');
  expect(rooms.filter((room) => !page.includes(`\`${room}/\``))).toEqual([]);
});

test('docs/reliability.md has the ladders of lambda/zavu/delivery.ts, with their pages', () => {
  const expected = [shortestLadder, guideLadder, longestLadder].map(({ page, waitsSeconds, text }) => {
    const waits = waitsSeconds.map((wait) => (wait < 3_600 ? `${wait / 60} min` : `${wait / 3_600} h`));
    return [`[${page.name}](${page.url})`, waits.join(', '), `${waitsSeconds.length + 1}`, text];
  });
  expect(rowsUnder(read('docs/reliability.md'), 'source', 'waits between attempts')).toEqual(expected);
});
