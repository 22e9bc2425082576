import type { IncomingHttpHeaders, RequestListener } from 'node:http';

/** Says why a request is refused, in a sentence; undefined if it may pass. */
export type Guard = (headers: IncomingHttpHeaders) => string | undefined;

/**
 * Refuses what a browser sends for a web page. SDKs, functions and Zavu send neither header.
 *
 * A page cannot leave them out: each request to another site that has a body or asks before it (CORS) has an `Origin`,
 * and of all others a browser says in `Sec-Fetch-Site` where they come from. `none` is the address bar.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export const refusePages: Guard = ({ origin, 'sec-fetch-site': site = 'none' }) =>
  origin === undefined && site === 'none'
    ? undefined
    : 'A web page sent this request, and the local run answers none.';

/**
 * Refuses pages, and what is addressed to another host than this machine: by DNS, a page can let a name of its own lead
 * here, so that a browser takes the local run for a part of its site.
 */
export const refuseStrangers: Guard = (headers) =>
  refusePages(headers) ??
  (/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(headers.host ?? '')
    ? undefined
    : 'This request is addressed to another host, and this service answers at 127.0.0.1 and localhost alone.');

/** Lets a listener have only those requests that a guard lets pass. Others get 403, and no header that allows CORS. */
export function guarded(guard: Guard, listener: RequestListener): RequestListener {
  return (request, response) => {
    const reason = guard(request.headers);
    if (reason === undefined) return listener(request, response);
    request.resume();
    // In JSON, so that an SDK shows the sentence.
    response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message: reason }));
  };
}
