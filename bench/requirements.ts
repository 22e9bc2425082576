import { execFileSync } from 'node:child_process';
import { CpuQuota } from './cpu-quota.ts';

interface Requirement {
  /** Throws if the machine lacks it. */
  assert(): void;
  remedy: string;
}

const controlGroups = {
  assert: () => new CpuQuota(128).remove(),
  remedy: 'needs control groups that it may make, on Linux as root. Leave it out with --only',
};

/** What parts need of the machine. */
const requirements: Readonly<Record<string, readonly Requirement[]>> = {
  memory: [controlGroups],
  alternatives: [controlGroups, command('redis-server', '--version')],
};

/** What parts need and the machine lacks: a sentence for each, before anything is measured for minutes. */
export function missing(parts: readonly string[]): string[] {
  return parts.flatMap((part) =>
    (requirements[part] ?? []).filter(isLacking).map(({ remedy }) => `${part} ${remedy}.`),
  );
}

function isLacking({ assert }: Requirement): boolean {
  try {
    assert();
    return false;
  } catch {
    return true;
  }
}

function command(name: string, option: string): Requirement {
  return {
    assert: () => void execFileSync(name, [option], { stdio: 'ignore' }),
    remedy: `needs ${name}: apt-get install ${name}`,
  };
}
