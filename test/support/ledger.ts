import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LedgerLine } from '../e2e/scripted-handlers.ts';

/** What a handler did with an event. */
export type Effect = Omit<Extract<LedgerLine, { id: string }>, 'invocation'>;

/** The file in which the scripted handlers write what they do, and the files beside it by which a test tells them what to do. */
export class Ledger {
  /** The handlers are told of it. It need not be there yet. */
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** What the handlers did, in order, and which of their invocations came to their end. */
  lines(): LedgerLine[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line): LedgerLine => JSON.parse(line));
  }

  /** What the handler of an event did. */
  effects(eventId: string): Effect[] {
    return this.lines().flatMap((line) => {
      if (!('id' in line) || line.id !== eventId) return [];
      const { invocation: _, ...effect } = line;
      return [effect];
    });
  }

  /** Fixes what makes handlers fail until it is fixed, or breaks it again. */
  fix(isFixed: boolean): void {
    const file = `${this.file}.fixed`;
    if (isFixed) writeFileSync(file, '');
    else rmSync(file, { force: true });
  }

  /** The process in which a handler waits to be killed, by the event that it handles; undefined if none does. */
  waiting(eventId: string): number | undefined {
    const file = `${this.file}.waiting.${eventId}`;
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  }

  /** Lets the next attempt at an event succeed, whose handler was killed. */
  killed(eventId: string): void {
    writeFileSync(`${this.file}.killed.${eventId}`, '');
  }
}
