import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceMapName } from '../lib/functions/source-maps.ts';
import { sourceMapsIn } from '../local/app/synthesis.ts';
import { bundleSize } from '../test/support/bundle-size.ts';
import { type ColdStart, startCold } from './cold.ts';
import { apps, deployedFunctions, type Subject } from './functions.ts';
import { spread, table } from './markdown.ts';
import { measureInRounds } from './rounds.ts';
import { ratioOf, spreadOf } from './statistics.ts';

/**
 * What source maps would cost a worker's cold start: `node bench/source-maps.ts`. Its numbers stand in
 * docs/decisions/0032-source-maps.md.
 */
const rounds = 25;
const workspace = mkdtempSync(join(tmpdir(), 'zavu-source-maps-'));
process.once('exit', () => rmSync(workspace, { recursive: true }));

// An empty batch calls no service.
const nowhere = { endpoint: 'http://127.0.0.1:1', certificate: '' };
const worker = (await deployedFunctions(apps.stack, workspace, nowhere))('InboundWorkerFunction');
const { NODE_EXTRA_CA_CERTS: _, ...environment } = worker.environment;

/** Handles an empty batch, or fails in the bundle and reads the stack. */
const failing = `import { handler as worker } from './index.mjs';
export const handler = async (event, context) => worker({}, context).catch(({ stack }) => (String(stack), event));`;

function variant(name: string, hasMaps: boolean, isEnabled: boolean): Subject {
  const directory = join(workspace, name);
  cpSync(worker.directory, directory, { recursive: true });
  for (const file of hasMaps ? readdirSync(directory) : []) addMap(directory, file);
  writeFileSync(join(directory, 'failing.mjs'), failing);
  const enabled: Record<string, string> = isEnabled ? { NODE_OPTIONS: '--enable-source-maps' } : {};
  return {
    ...worker,
    directory,
    module: join(directory, 'index.mjs'),
    environment: { ...environment, ...enabled },
  };
}

function addMap(directory: string, file: string): void {
  const path = join(directory, file);
  const map = join(sourceMapsIn(workspace), sourceMapName(file, readFileSync(path, 'utf8')));
  if (!existsSync(map)) return;
  copyFileSync(map, `${path}.map`);
  appendFileSync(path, `\n//# sourceMappingURL=${file}.map\n`);
}

const variants = {
  'no maps': variant('none', false, false),
  'maps in the asset, not enabled': variant('linked', true, false),
  'maps in the asset, enabled': variant('enabled', true, true),
};
const sizes = Object.values(variants).map(({ directory }) => bundleSize(directory).packed);

async function measure(event: object, module?: string): Promise<ColdStart[][]> {
  const starts = Object.entries(variants).map(([name, subject]) => {
    const used = module ? { ...subject, module: join(subject.directory, module) } : subject;
    return [name, () => startCold(used, event, workspace, () => true)] as const;
  });
  return Object.values(await measureInRounds(Object.fromEntries(starts), rounds, 2));
}

const whole = await measure({ Records: [] });
const thrown = await measure({}, 'failing.mjs');
const ratios = (starts: ColdStart[][], index: number, of: (start: ColdStart) => number) =>
  spread(ratioOf((starts[index] ?? []).map(of), (starts[0] ?? []).map(of)));
console.log(
  table(
    [
      '',
      'asset, packed',
      'start, CPU ms',
      'start, ratio of CPU',
      'start and an error, ratio of CPU',
      'start and an error, ratio by the clock',
    ],
    Object.keys(variants).map((name, index) => [
      name,
      `${Math.round((sizes[index] ?? 0) / 1024)} KiB`,
      spread(spreadOf((whole[index] ?? []).map(({ cpuMs }) => cpuMs)), 0),
      ratios(whole, index, ({ cpuMs }) => cpuMs),
      ratios(thrown, index, ({ cpuMs }) => cpuMs),
      ratios(thrown, index, ({ wallMs }) => wallMs),
    ]),
  ),
);
