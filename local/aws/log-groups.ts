import type { FunctionDefinition } from '../sandbox.ts';

/** A line that reaches a log group. */
export interface LogLine {
  /** Name of the log group. */
  logGroup: string;
  /**
   * Who wrote it: a function's own code, Lambda around the function, API Gateway about a request, or Firehose about
   * what it could not deliver.
   */
  writer: 'function' | 'lambda' | 'api-gateway' | 'firehose';
  /** Logical id of the function; undefined where another service writes. */
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

  /** The log of a function, whose role was demanded to allow it at deployment (edges/functions.ts). */
  ofFunction({ name, logGroup }: FunctionDefinition): FunctionLog {
    const write = (writer: LogLine['writer'], text: string) =>
      this.#take({ logGroup, writer, functionName: name, text });
    return {
      line: (text) => write('function', text),
      platformLine: (text) => write('lambda', text),
    };
  }

  /** The access log of an API, which API Gateway writes by a right of its own. */
  ofAccess(logGroup: string): (text: string) => void {
    return (text) => this.#take({ logGroup, writer: 'api-gateway', functionName: undefined, text });
  }

  /** The error log of a delivery stream, whose role was demanded to allow it at deployment. */
  ofStream(logGroup: string): (text: string) => void {
    return (text) => this.#take({ logGroup, writer: 'firehose', functionName: undefined, text });
  }
}
