declare module 'jq-web' {
  /** jq, compiled to WebAssembly; there once it is compiled. */
  const jq: Promise<{
    /** @throws Error with jq's own message */
    json(input: unknown, filter: string): unknown;
  }>;
  export default jq;
}
