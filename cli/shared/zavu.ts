import Zavudev, { APIError } from '@zavudev/sdk';

/** Whether a URL leads to this machine, where a stand-in for Zavu's API may run in tests. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname === '127.0.0.1';
}

/**
 * Creates the client of Zavu's API, for the project of $ZAVUDEV_API_KEY.
 *
 * @throws Error if there is no key, or if it would travel in the clear
 */
export function createZavu(env = process.env): Zavudev {
  const apiKey = env.ZAVUDEV_API_KEY;
  if (!apiKey) throw new Error("Set ZAVUDEV_API_KEY to an API key of the sender's project in Zavu.");
  // Above `warn` the client prints what is answered, signing secrets among it.
  const zavu = new Zavudev({ apiKey, baseURL: env.ZAVUDEV_BASE_URL, logLevel: 'warn' });
  if (!zavu.baseURL.startsWith('https:') && !isLoopback(zavu.baseURL)) {
    throw new Error('ZAVUDEV_BASE_URL must begin with https://, for the API key goes there.');
  }
  return zavu;
}

/**
 * Waits for an answer of Zavu's API about a sender.
 *
 * @throws Error saying what to do if Zavu refuses
 */
export async function ask<Answer>(sender: string, answer: PromiseLike<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof APIError ? new Error(refusalText(sender, error), { cause: error }) : error;
  }
}

function refusalText(sender: string, { status, message }: APIError): string {
  switch (status) {
    case undefined:
      return `Zavu's API does not answer: ${message} Try again; $ZAVUDEV_BASE_URL says where it is.`;
    case 401:
    case 403:
      return `Zavu refuses the API key (${status}). Set ZAVUDEV_API_KEY to one of the sender's project.`;
    case 404:
      return `Zavu knows no sender ${sender} in the project of this API key.`;
    default:
      return `Zavu refuses what was asked of sender ${sender}: ${message}`;
  }
}
