import Zavudev from '@zavudev/sdk';

const zavuUrl = 'https://api.zavu.dev';

interface ZavuClientProps {
  apiKey: string;
  /** @default Zavu's own; the SDK's variable ZAVUDEV_BASE_URL has no say */
  baseUrl?: string | undefined;
  /**
   * What people set the URL by, for the error.
   *
   * @default `The URL of Zavu's API`
   */
  baseUrlName?: string;
  /**
   * How often the SDK itself tries again.
   *
   * @default as the SDK does
   */
  maxRetries?: number;
}

/**
 * Creates a client of Zavu's API that logs nothing and sends its key over https alone.
 *
 * @throws Error if the API's URL leads over http to another machine
 */
export function createZavuClient({
  apiKey,
  baseUrl,
  baseUrlName = "The URL of Zavu's API",
  ...retries
}: ZavuClientProps): Zavudev {
  const baseURL = baseUrl || zavuUrl;
  if (!baseURL.startsWith('https:') && !isLoopback(baseURL)) {
    throw new Error(`${baseUrlName} must begin with https://, because the API key is sent there.`);
  }
  // With its own levels the SDK prints Zavu's answers, and signing secrets with them. ZAVUDEV_LOG could ask for one.
  return new Zavudev({ ...retries, apiKey, baseURL, logLevel: 'off' });
}

/** Whether a URL leads to this machine, where a stand-in for Zavu's API may run. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname === '127.0.0.1';
}
