import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../local/replace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'zavu-replace-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [from, to] = [join(folder, 'new'), join(folder, 'state')];

/** Refuses as Windows does while somebody reads the file, some times. */
function refusing(times: number, code = 'EPERM') {
  return jest.fn<void, [string, string]>((one, other) => {
    if (rename.mock.calls.length <= times) throw Object.assign(new Error('refused'), { code });
    renameSync(one, other);
  });
}
let rename: ReturnType<typeof refusing>;

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'report 2: on Windows, a file that somebody reads (%s) is replaced once that is done',
  (code) => {
    writeFileSync(from, code);
    rename = refusing(3, code);
    replaceFile(from, to, 'win32', rename);
    expect(readFileSync(to, 'utf8')).toBe(code);
    expect(rename).toHaveBeenCalledTimes(4);
  },
);

test.each([
  ['win32', 'ENOENT'],
  ['linux', 'EPERM'],
] as const)('on %s, %s is an error at once', (platform, code) => {
  rename = refusing(1, code);
  expect(() => replaceFile(from, to, platform, rename)).toThrow('refused');
  expect(rename).toHaveBeenCalledTimes(1);
});

test('report 2: a file that is never free ends with the error of Windows', () => {
  rename = refusing(1_000);
  expect(() => replaceFile(from, to, 'win32', rename)).toThrow('refused');
});
