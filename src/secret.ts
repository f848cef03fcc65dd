import { inspect } from "node:util";

/**
 * A string that must not be shown: an account key, a resource token, a bearer token.
 *
 * Every way a value gets into a text by accident (template strings, `JSON.stringify`, `console`,
 * pino's serializer, a stack of `cause`s) prints `[secret]`. Only `reveal()` gives the value, so
 * a search for it lists every place that handles one.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
