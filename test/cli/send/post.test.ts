import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from '../../../cli/send/post.ts';

test('that the clock is off is said beside the answers, which a script reads', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(401, { date: new Date(Date.now() - 3_600_000).toUTCString() }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const log = jest.spyOn(console, 'log').mockReturnValue();
  const error = jest.spyOn(console, 'error').mockReturnValue();
  const answers: object[] = [];
  const target = { url: `http://127.0.0.1:${port}/`, secret: 'whsec_of_this_test', scheme: 'v2' as const };
  const options = { ...target, tamper: false, stale: false };
  try {
    expect(await deliver('{}', options, [], (answer) => answers.push(answer))).toBe(false);
    expect(answers).toEqual([expect.objectContaining({ status: 401 })]);
    expect(log).not.toHaveBeenCalled();
    expect(error).toHaveBeenCalledWith(expect.stringContaining('clock is 60 min ahead of'));
  } finally {
    jest.restoreAllMocks();
    server.closeAllConnections();
    server.close();
  }
});
