/** What a request is answered. */
export interface Answer {
  status: number;
  body: object | string;
  headers?: Readonly<Record<string, string>>;
}

export const given = (body: object): Answer => ({ status: 200, body });

export const refused = (status: number, message: string): Answer => ({
  status,
  body: { error: { message } },
});

export const tooManyRequests = (retryAfter: number | string): Answer => ({
  ...refused(429, 'Too many requests'),
  headers: { 'retry-after': String(retryAfter) },
});

/** What may happen to a request instead of its answer: the connection breaks, before it or in the middle of it. */
export type Fault = Answer | 'hang up' | 'stop halfway';
