import { type FileHandle, open } from 'node:fs/promises';
import { encodingAttribute } from '../../lambda/queued-event/attributes.ts';
import { asciiJson } from '../../lambda/shared/json.ts';
import { UsageError } from '../shared/command.ts';
import type { StoredMessage } from './stored-message.ts';

/**
 * A file of whole messages, one JSON object a line, in ASCII. Only its owner may read it. `body` and `attributes` are the
 * message's, so that it can be sent again as it was; beside a body that is encoded stands `signed`, for people.
 */
export class ExportFile {
  readonly #file: FileHandle;
  /** How many messages are in it. */
  written = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Creates the file.
   *
   * @throws UsageError if it cannot be created, or if there is one: what was exported before is never written over
   */
  static async create(path: string): Promise<ExportFile> {
    try {
      return new ExportFile(await open(path, 'wx', 0o600));
    } catch (error) {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      throw new UsageError(
        isThere
          ? `There is a file ${path} already: name another file.`
          : `${path} cannot be written: ${error}`,
      );
    }
  }

  /** Appends messages. Returns once they are on the disk. */
  async append(messages: readonly StoredMessage[], queue: string): Promise<void> {
    if (messages.length === 0) return;
    const lines = messages.map(({ id, type, messageId, sentAt, attributes, body, signed }) =>
      asciiJson(
        JSON.stringify({
          queue,
          id,
          type,
          messageId,
          sentAt,
          attributes,
          body,
          ...(attributes[encodingAttribute] ? { signed } : {}),
        }),
      ),
    );
    await this.#file.appendFile(`${lines.join('\n')}\n`);
    await this.#file.sync();
    this.written += messages.length;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
