import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { certificateFile, loopbackCertificate } from '../test/support/loopback-certificate.ts';
import type { LoopbackStart } from './loopback-process.ts';

/** The services that the functions call, behind TLS as on AWS: a cold start pays for its handshakes. */
export class Loopback {
  readonly endpoint: string;
  /** The certificate's file, for $NODE_EXTRA_CA_CERTS. */
  readonly certificate = certificateFile;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, endpoint: string) {
    this.#process = process;
    this.endpoint = endpoint;
  }

  /**
   * @param secret the signing secret's text
   * @param delayMs how long an answer takes besides, in milliseconds
   */
  static async start(secret: string, delayMs = 0): Promise<Loopback> {
    const child = fork(join(import.meta.dirname, 'loopback-process.ts'), { execArgv: [] });
    child.send({ ...loopbackCertificate, secret, delayMs } satisfies LoopbackStart);
    const [endpoint]: string[] = await once(child, 'message');
    return new Loopback(child, endpoint ?? '');
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
