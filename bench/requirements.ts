import { execFileSync } from 'node:child_process';
import { CpuQuota } from './cpu-quota.ts';

/** What a part needs of the machine: how to find out, and what to do where it is missing. */
const requirements: Readonly<Record<string, { assert: () => void; remedy: string }>> = {
  cold: command('openssl', 'version'),
  warm: command('openssl', 'version'),
  worker: command('openssl', 'version'),
  build: command('openssl', 'version'),
  memory: {
    assert: () => new CpuQuota(128).remove(),
    remedy: 'needs control groups that it may make, on Linux as root. Leave it out with --only',
  },
  express: command('redis-server', '--version'),
};

/** What parts need and the machine lacks: a sentence for each, before anything is measured for minutes. */
export function missing(parts: readonly string[]): string[] {
  return parts.flatMap((part) => {
    const requirement = requirements[part];
    try {
      requirement?.assert();
      return [];
    } catch {
      return [`${part} ${requirement?.remedy}.`];
    }
  });
}

function command(name: string, option: string) {
  return {
    assert: () => void execFileSync(name, [option], { stdio: 'ignore' }),
    remedy: `needs ${name}: apt-get install ${name}`,
  };
}
