import { type FileHandle, open } from 'node:fs/promises';
import { encodingAttribute } from '../../lambda/queued-event/attributes.ts';
import { asciiJson } from '../../lambda/shared/json.ts';
import type { StoredMessage } from './stored-message.ts';
import { UsageError } from './usage-error.ts';

/**
 * A file of letters, whole, one JSON object a line, in ASCII. Only its owner may read it. `body` and `attributes` are the
 * message's, so that it can be sent again as it was; a body that is encoded has `signed` beside it, for people.
 */
export class ExportFile {
  readonly #file: FileHandle;
  written = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Creates the file.
   *
   * @throws UsageError where it cannot be created, or is there: what was exported before is never written over
   */
  static async create(path: string): Promise<ExportFile> {
    try {
      return new ExportFile(await open(path, 'wx', 0o600));
    } catch (error) {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      throw new UsageError(
        isThere ? `${path} is there already: name another file.` : `${path} cannot be written: ${error}`,
      );
    }
  }

  /** Appends letters. Returns once they are on the disk. */
  async append(letters: readonly StoredMessage[], queue: string): Promise<void> {
    if (letters.length === 0) return;
    const lines = letters.map(({ id, type, messageId, sentAt, labels, body, signed }) =>
      asciiJson(
        JSON.stringify({
          queue,
          id,
          type,
          messageId,
          sentAt,
          attributes: labels,
          body,
          ...(labels[encodingAttribute] ? { signed } : {}),
        }),
      ),
    );
    await this.#file.appendFile(`${lines.join('\n')}\n`);
    await this.#file.sync();
    this.written += letters.length;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
