/** Zavu does not let this key read what was asked for: it was revoked, it is of another project, or it may do too little. */
export class ApiKeyRefused extends Error {
  override readonly name = 'ApiKeyRefused';
  /** @param what what was asked for, as in `the list of calls` */
  constructor(what: string, status: number) {
    super(
      `Zavu refuses the API key for ${what} (${status}). Create a key of this project in Zavu that may read it, ` +
        'and store it instead.',
    );
  }
}

/** A list cannot be continued: its cursor is too old, or of another list. The walk must begin again at the newest item. */
export class CursorExpired extends Error {
  override readonly name = 'CursorExpired';
  constructor(what: string, status: number) {
    super(`Zavu does not continue ${what} at this cursor (${status}). Begin with the first page again.`);
  }
}

/** Zavu refuses a request, and would refuse it again. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: number;
  constructor(what: string, status: number) {
    super(`Zavu refuses to give ${what} (${status}).`);
    this.status = status;
  }
}

/** Zavu did not give what was asked for although it was asked several times. A later run may get it. */
export class ZavuUnavailable extends Error {
  override readonly name = 'ZavuUnavailable';
  /** @param reason a part of a sentence that says what happened the last time */
  constructor(what: string, requests: number, reason: string) {
    const times = requests === 1 ? 'once' : `${requests} times`;
    super(`Zavu did not give ${what}. It was asked ${times}; in the end ${reason}.`);
  }
}
