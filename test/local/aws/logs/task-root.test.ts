import { atTaskRoot } from '../../../../local/aws/logs/task-root.ts';

test.each([
  ['linux', '/tmp/zavu 1%/asset.1', 'file:///tmp/zavu%201%25/asset.1'],
  ['win32', 'C:\\Temp\\zavu #1\\asset.1', 'file:///C:/Temp/zavu%20%231/asset.1'],
] as const)(
  'report 2: a line shows the directory of Lambda in place of the one on %s',
  (platform, directory, url) => {
    const line = `at a (${url}/index.mjs:1:2) ${directory}/x ${JSON.stringify({ directory })}`;
    expect(atTaskRoot(line, directory, platform)).toBe(
      'at a (file:///var/task/index.mjs:1:2) /var/task/x {"directory":"/var/task"}',
    );
  },
);
