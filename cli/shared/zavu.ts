import Zavudev, { APIError } from '@zavudev/sdk';

/** Whether a URL leads to this machine, where a stand-in for Zavu's API may run in tests. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname === '127.0.0.1';
}

/**
 * The API key of a person's environment.
 *
 * @throws Error if there is none
 */
export function apiKeyOf({ ZAVUDEV_API_KEY }: NodeJS.ProcessEnv = process.env): string {
  if (ZAVUDEV_API_KEY) return ZAVUDEV_API_KEY;
  throw new Error("Set ZAVUDEV_API_KEY to an API key of the sender's project in Zavu.");
}

/**
 * Creates the client of Zavu's API, for the project of $ZAVUDEV_API_KEY.
 *
 * @throws Error if there is no key, or if it would be sent unencrypted
 */
export function createZavu(env = process.env): Zavudev {
  const apiKey = apiKeyOf(env);
  // With a more detailed level than `warn` the client prints Zavu's answers, and signing secrets with them.
  const zavu = new Zavudev({ apiKey, baseURL: env.ZAVUDEV_BASE_URL, logLevel: 'warn' });
  if (!zavu.baseURL.startsWith('https:') && !isLoopback(zavu.baseURL)) {
    throw new Error('ZAVUDEV_BASE_URL must begin with https://, because the API key is sent there.');
  }
  return zavu;
}

/**
 * Waits for an answer of Zavu's API about a sender.
 *
 * @throws Error that says what to do, if Zavu refuses
 */
export async function askZavu<Answer>(sender: string, answer: PromiseLike<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof APIError ? new Error(refusalText(sender, error), { cause: error }) : error;
  }
}

function refusalText(sender: string, { status, message }: APIError): string {
  switch (status) {
    // The client has no status if there was no answer.
    case undefined:
      return `Zavu's API does not answer: ${message} Try again. $ZAVUDEV_BASE_URL says where the API is.`;
    case 401:
    case 403:
      return `Zavu refuses the API key (${status}). Set ZAVUDEV_API_KEY to an API key of the sender's project.`;
    case 404:
      return `Zavu knows no sender ${sender} in the project of this API key.`;
    default:
      return `Zavu refuses the request about sender ${sender}: ${message}`;
  }
}
