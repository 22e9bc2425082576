/**
 * What you should do about a failure: `stop_sending` to this address, `may_send_again` later without a change, or
 * `fix_and_send_again` after you have corrected something. If the code is `unknown`, look it up before you send again.
 */
type Advice = 'stop_sending' | 'may_send_again' | 'fix_and_send_again' | 'unknown';

/** What an error code means, in a word, and what to do. */
interface ErrorMeaning {
  meaning: string;
  advice: Advice;
}

const withAdvice =
  (advice: Advice) =>
  (meaning: string): ErrorMeaning => ({ meaning, advice });
const stop = withAdvice('stop_sending');
const again = withAdvice('may_send_again');
const fix = withAdvice('fix_and_send_again');

/**
 * The error codes that are known. Zavu has words of its own, and passes on the numbers of the carriers that it sends
 * by.
 *
 * A code that says that a person does not want your messages, or cannot get them, is `stop_sending` even if it has
 * other causes too: the opposite mistake would send a message to somebody who has opted out.
 */
export const meanings: ReadonlyMap<string, ErrorMeaning> = new Map(
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
    // The person is not on WhatsApp, has not accepted its terms, or has too old an app: the message would fail again.
    131026: stop('not_on_whatsapp'),
    // More than 24 hours since the customer wrote: only a template may be sent.
    131047: fix('window_closed'),
    // Meta limits how many marketing messages a person gets, and asks not to send again at once.
    131049: again('marketing_limit'),
    131050: stop('marketing_stopped'),
    // Meta withholds marketing messages from some people, to compare them with the others.
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

const unknown = withAdvice('unknown')('unknown');

/**
 * What a failed message's error code means. An error code is an open string: one that is not in the table is `unknown`,
 * like a missing one.
 */
export function meaningOf(errorCode: string | null | undefined): ErrorMeaning {
  return (typeof errorCode === 'string' ? meanings.get(errorCode.trim()) : undefined) ?? unknown;
}
