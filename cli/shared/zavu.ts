import type Zavudev from '@zavudev/sdk';
import { APIError } from '@zavudev/sdk';
import { createZavuProject, type ZavuProject } from '../../lambda/reconcile/api/zavu-project.ts';
import { createZavuClient } from '../../lambda/shared/zavu-client.ts';

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
  return createZavuClient({
    apiKey: apiKeyOf(env),
    baseUrl: env.ZAVUDEV_BASE_URL,
    baseUrlName: 'ZAVUDEV_BASE_URL',
  });
}

/** What a person waits for may take more of Zavu's 600 requests a minute than what nobody waits for. */
const requestsPerMinute = 240;

/**
 * One project of Zavu, as a command asks it.
 *
 * @param signal ends what is asked
 * @throws Error if the key cannot be one, or if it would be sent unencrypted
 */
export function createProject(apiKey: string, signal: AbortSignal): ZavuProject {
  return createZavuProject({ apiKey, baseUrl: process.env.ZAVUDEV_BASE_URL, requestsPerMinute, signal });
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
