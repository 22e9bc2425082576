import { dirname } from 'node:path';
import type { FunctionDefinition } from '../../runtime/functions/definitions.ts';
import { atTaskRoot } from './task-root.ts';

/** A line that reaches a log group. */
export interface LogLine {
  /** Name of the log group. */
  logGroup: string;
  /**
   * Who wrote it: a function's own code, Lambda around the function, API Gateway about a request, or Firehose about
   * what it could not deliver.
   */
  writer: 'function' | 'lambda' | 'api-gateway' | 'firehose';
  /** Logical id of the function; undefined if another service writes. */
  functionName: string | undefined;
  /** One log event, without the line feed at its end. */
  text: string;
}

/** What writes into a function's log group. */
export interface FunctionLog {
  /** The function printed a line. */
  line(text: string): void;
  /** Lambda, or its runtime, has something to say of the function. */
  platformLine(text: string): void;
}

/** The log groups of a deployment: every line of every one of them comes through here, and nothing else does. */
export class LogGroups {
  readonly #take: (line: LogLine) => void;

  /** @param take is given each line that is stored, in order */
  constructor(take: (line: LogLine) => void) {
    this.#take = take;
  }

  /**
   * The log of a function, whose role was demanded to allow it at deployment (service-calls/functions.ts). The log says
   * that its code is where AWS has it: the bundle's own path has a digest, which the data protection would find.
   */
  ofFunction({ name, logGroup, module }: FunctionDefinition): FunctionLog {
    const directory = dirname(module);
    const write = (writer: LogLine['writer'], line: string) => {
      const text = atTaskRoot(line, directory);
      this.#take({ logGroup, writer, functionName: name, text });
    };
    return {
      line: (text) => write('function', text),
      platformLine: (text) => write('lambda', text),
    };
  }

  /** The access log of an API, which API Gateway writes without a role. */
  ofAccess(logGroup: string): (text: string) => void {
    return (text) => this.#take({ logGroup, writer: 'api-gateway', functionName: undefined, text });
  }

  /** The error log of a delivery stream, whose role was demanded to allow it at deployment. */
  ofStream(logGroup: string): (text: string) => void {
    return (text) => this.#take({ logGroup, writer: 'firehose', functionName: undefined, text });
  }
}
