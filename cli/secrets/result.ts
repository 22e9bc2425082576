/** What a verb has done, or found. */
export interface SecretsResult {
  /** For a person. */
  text: string;
  /** For a script: never with a secret. */
  json: unknown;
}
