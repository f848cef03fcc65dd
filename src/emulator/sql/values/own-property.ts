import type { Json } from "../../json.ts";

/**
 * Sets an own property, also one that is called `__proto__`, for which a plain assignment would do
 * something else.
 */
export function setOwnProperty(target: Record<string, Json>, name: string, value: Json): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[name] = value;
  }
}
