import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, 'loopback-certificate');

/** The certificate's file, for $NODE_EXTRA_CA_CERTS. */
export const certificateFile = join(directory, 'certificate.pem');

/**
 * A certificate of 127.0.0.1 that signs itself, valid from 2020 to 2120, and its key, which is as long as those of AWS's
 * endpoints. The key is no secret: nobody trusts this certificate but tests and benchmarks.
 */
export const loopbackCertificate = {
  key: readFileSync(join(directory, 'key.pem'), 'utf8'),
  cert: readFileSync(certificateFile, 'utf8'),
};
