/** Credentials for an emulator that stands alone, and takes any. */
export const anyCredentials = { accessKeyId: 'any', secretAccessKey: 'any' };
