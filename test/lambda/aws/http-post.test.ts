import { httpPost } from '../../../lambda/aws/http-post.ts';

test('a request is its headers in turn, and its body', () => {
  expect(httpPost(['host', 'service', 'content-length', '4'], '"ñ"')).toBe(
    'POST / HTTP/1.1\r\nhost: service\r\ncontent-length: 4\r\n\r\n"ñ"',
  );
});

test.each(['\r\nx-other: 1', '\n', '\0', 'ñ'])('a header’s value has no %j', (part) => {
  expect(() => httpPost(['x-trace', `a${part}`], '')).toThrow(/^The header x-trace has a character/);
});
