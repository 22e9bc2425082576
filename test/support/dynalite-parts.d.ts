declare module 'dynalite/validations/index.js' {
  /** Parses the expressions of a call into it. Gives what is wrong with them. */
  export function validateExpressions(call: object): string | null | undefined;
}

declare module 'dynalite/actions/updateItem.js' {
  /** Does what UpdateItem does to the item that a store has. */
  export default function updateItem(
    store: object,
    call: object,
    done: (error: (Error & { body?: { __type: string } }) | null, answer?: object) => void,
  ): void;
}
