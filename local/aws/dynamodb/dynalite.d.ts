declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** An in-memory DynamoDB; a table is ready at once with `createTableMs: 0`. */
  export default function dynalite(options: { createTableMs: number }): Server;
}
