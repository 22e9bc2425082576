import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';

/**
 * `npm run test:under-load`: jest, with the arguments given, while a busy process for each processor keeps all of
 * them occupied. Ends with jest's exit code.
 *
 * A busy process ends with this one, however that ends: it looks between two stretches of work whether anybody
 * still holds its standard input.
 */
const busy = `
  process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume();
  const spin = () => {
    const until = performance.now() + 50;
    while (performance.now() < until);
    setImmediate(spin);
  };
  spin();
`;

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

const processes = Array.from({ length: availableParallelism() }, () =>
  spawn(process.execPath, ['-e', busy], { stdio: ['pipe', 'ignore', 'inherit'] }),
);
console.error(`${processes.length} busy processes beside the tests.`);
try {
  const tests = spawn(process.execPath, [jest, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches jest by itself; this one waits for its end.
  process.on('SIGINT', () => undefined).on('SIGTERM', () => tests.kill('SIGTERM'));
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
} finally {
  for (const each of processes) each.stdin.end();
}
