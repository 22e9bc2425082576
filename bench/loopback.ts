import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoopbackStart } from './loopback-process.ts';

/** The services that the functions call, behind TLS as on AWS: a cold start pays for its handshakes. */
export class Loopback {
  readonly endpoint: string;
  /** The certificate's file, for $NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, endpoint: string, certificate: string) {
    this.#process = process;
    this.endpoint = endpoint;
    this.certificate = certificate;
  }

  /**
   * @param secret the signing secret's text
   * @param directory where the certificate goes
   * @param delayMs how long an answer takes besides, in milliseconds
   * @throws Error if there is no openssl
   */
  static async start(secret: string, directory: string, delayMs = 0): Promise<Loopback> {
    const [key, certificate] = createCertificate(directory);
    const [keyText, cert] = [key, certificate].map((file) => readFileSync(file, 'utf8'));
    return Loopback.#start({ key: keyText, cert, secret, delayMs }, certificate);
  }

  /** As `start`, over plain HTTP: it needs no openssl, and no certificate that somebody trusts. */
  static startPlain(secret: string): Promise<Loopback> {
    return Loopback.#start({ secret, delayMs: 0 }, '');
  }

  static async #start(start: LoopbackStart, certificate: string): Promise<Loopback> {
    const child = fork(join(import.meta.dirname, 'loopback-process.ts'), { execArgv: [] });
    child.send(start);
    const [endpoint]: string[] = await once(child, 'message');
    return new Loopback(child, endpoint ?? '', certificate);
  }

  /**
   * How often each operation was called since it was last asked.
   *
   * @param items what becomes of the items that it holds
   */
  async calls(items: 'keep' | 'forget'): Promise<Record<string, number>> {
    this.#process.send(items);
    const [calls]: Record<string, number>[] = await once(this.#process, 'message');
    return calls ?? {};
  }

  /** Holds another signing secret from now on. */
  async hold(secret: string): Promise<void> {
    this.#process.send({ secret });
    await once(this.#process, 'message');
  }

  stop(): void {
    this.#process.disconnect();
  }
}

/** Makes a key as long as those of AWS's endpoints, and its certificate. Gives their files. */
function createCertificate(directory: string): [string, string] {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = [
    '-x509',
    '-newkey',
    'rsa:2048',
    '-noenc',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  execFileSync('openssl', ['req', ...options, ...subject], { stdio: 'ignore' });
  return [key, certificate];
}
