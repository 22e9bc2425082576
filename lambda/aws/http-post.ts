/**
 * A POST to `/` of HTTP/1.1, as text.
 *
 * @param headers names and values in turn, `host` and `content-length` among them
 * @throws TypeError if a value has a character that is not printable ASCII: it could end its header
 */
export function httpPost(headers: readonly string[], body: string): string {
  let head = 'POST / HTTP/1.1\r\n';
  for (let at = 0; at < headers.length; at += 2) {
    const [name, value = ''] = [headers[at], headers[at + 1]];
    if (!/^[\x20-\x7e]*$/.test(value))
      throw new TypeError(`The header ${name} has a character that none may have.`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n${body}`;
}
