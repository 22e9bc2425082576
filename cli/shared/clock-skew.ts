import { isRecord } from '../../lambda/shared/json.ts';

/** Less is a slow answer as well as a clock that is off. Zavu's signatures may be 60 s ahead, and AWS's 5 min off. */
const minSkewMs = 30_000;

/** Errors by which AWS refuses a signature for its time, or for another reason. */
const names = /^(RequestTimeTooSkewed|RequestExpired|InvalidSignature|SignatureDoesNotMatch|AuthFailure)/;

/**
 * Says that this machine's clock is off.
 *
 * @param localMs this machine's time, in ms
 * @param serviceTime the `date` header of an answer, or another text of a time
 * @returns undefined if the clock is right, or if the service's time cannot be told
 */
export function clockSkew(localMs: number, serviceTime: string | null | undefined): string | undefined {
  const aheadMs = localMs - Date.parse(serviceTime ?? '');
  if (!(Math.abs(aheadMs) >= minSkewMs)) return undefined;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const off = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return (
    `This machine's clock is ${off} ${aheadMs > 0 ? 'ahead of' : 'behind'} the service's, and signatures carry the time. ` +
    'Set it by the network (Linux: timedatectl set-ntp true; macOS: sudo sntp -sS time.apple.com; Windows: w32tm /resync), and try again.'
  );
}

/**
 * Says that this machine's clock is off, if AWS refused a call and its answer shows it.
 *
 * @param error of the SDK, or one that it caused
 * @param localMs this machine's time, in ms
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
 */
export function clockSkewOf(error: unknown, localMs = Date.now()): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!names.test(error.name)) return clockSkewOf(error.cause, localMs);
  // "Signature expired: <signed> is now earlier than … (<the service's time> - 15 min.)"; the same for what is too early.
  const [signed, , service] = (error.message.match(/\d{8}T\d{6}Z/g) ?? []).map(isoTime);
  if (signed !== undefined && service !== undefined) return clockSkew(Date.parse(signed), service);
  return clockSkew(localMs, dateOf(error));
}

/** `20260102T030405Z` as a time that `Date` reads. */
function isoTime(text: string): string {
  return text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5');
}

/** The `date` header of the answer that the SDK keeps beside an error. */
function dateOf(error: Error): string | undefined {
  const response = '$response' in error ? error.$response : undefined;
  const headers = isRecord(response) ? response.headers : undefined;
  return isRecord(headers) && typeof headers.date === 'string' ? headers.date : undefined;
}
