/**
 * What a failure asks of whoever sends: `stop_sending` to this address, `may_send_again` later as it is,
 * `fix_and_send_again` once something of yours is put right. Nothing is known of an `unknown` code: look it up before
 * you send again.
 */
export type Advice = 'stop_sending' | 'may_send_again' | 'fix_and_send_again' | 'unknown';

/** What an error code means, in a word, and what to do. */
export interface Failure {
  meaning: string;
  advice: Advice;
}

const failure =
  (advice: Advice) =>
  (meaning: string): Failure => ({ meaning, advice });
const stop = failure('stop_sending');
const again = failure('may_send_again');
const fix = failure('fix_and_send_again');

/**
 * The error codes that are known. Zavu has words of its own, and hands on the numbers of whom it sends by.
 *
 * A code that says that a person does not want to be written to, or cannot be, is `stop_sending` even where it has
 * other causes too: who errs the other way writes to somebody who opted out.
 */
const failures: ReadonlyMap<string, Failure> = new Map(
  Object.entries({
    // Zavu: the reference of `POST /v1/messages` and `POST /v1/broadcasts`, https://docs.zavu.dev and its SDK.
    EMAIL_INVALID_RECIPIENT: stop('invalid_address'),
    EMAIL_DOMAIN_NOT_FOUND: stop('invalid_address'),
    EMAIL_RECIPIENT_SUPPRESSED: stop('suppressed'),
    DAILY_LIMIT_EXCEEDED: again('daily_limit'),
    destination_not_verified: fix('destination_not_verified'),
    insufficient_balance: fix('no_balance'),

    // Carriers, with Twilio's numbers: https://www.twilio.com/docs/api/errors/<number>.
    21211: stop('invalid_number'),
    21408: fix('region_not_enabled'),
    21610: stop('opted_out'),
    21612: fix('no_route'),
    21614: stop('invalid_number'),
    30001: again('queue_full'),
    30002: fix('account_suspended'),
    30003: again('unreachable'),
    30004: stop('blocked'),
    30005: stop('invalid_number'),
    30006: stop('landline'),
    30007: fix('content_filtered'),
    30034: fix('sender_not_registered'),
    63016: fix('window_closed'),
    63024: stop('not_on_whatsapp'),
    63049: again('marketing_limit'),

    // WhatsApp: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes.
    80007: again('rate_limited'),
    130429: again('rate_limited'),
    131000: again('provider_error'),
    131056: again('rate_limited'),
    // Not on WhatsApp, or its terms not accepted, or its app too old: the same message fails the same way.
    131026: stop('not_on_whatsapp'),
    // More than 24 hours since the customer wrote: only a template may be sent.
    131047: fix('window_closed'),
    // This person has had enough marketing messages for now. Meta asks not to send again at once.
    131049: again('marketing_limit'),
    131050: stop('marketing_stopped'),
    // Meta withholds marketing messages from part of all people, to compare.
    130472: stop('experiment'),
    131048: fix('spam_limit'),
    131031: fix('account_suspended'),
    131042: fix('no_balance'),
    131051: fix('invalid_message'),
    131053: fix('invalid_media'),
    132000: fix('invalid_template'),
    132001: fix('invalid_template'),
    132005: fix('invalid_template'),
    132007: fix('invalid_template'),
    132012: fix('invalid_template'),
    132015: fix('template_paused'),
    132016: fix('template_disabled'),
  }),
);

const unknown = failure('unknown')('unknown');

/**
 * What a failed message's error code means. An error code is an open string: one that is not in the table is
 * `unknown`, and so is none.
 */
export function failureOf(errorCode: string | null | undefined): Failure {
  return (typeof errorCode === 'string' ? failures.get(errorCode.trim()) : undefined) ?? unknown;
}

/** The codes of the table. */
export const knownErrorCodes: readonly string[] = [...failures.keys()];
