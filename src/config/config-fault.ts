/** One thing that is wrong with a configuration. Holds no secret's value. */
export interface ConfigFault {
  /** Where, such as `profiles[1].permissions[0].mode`; empty for the file as a whole. */
  readonly path: string;
  /** Where in the file, from 1. Absent for what doesn't come from it. */
  readonly line?: number;
  readonly column?: number;
  readonly expected: string;
  readonly found: string;
  /**
   * Whether all that is wrong is that a `${NAME}`, or the file of a `${file:path}`, isn't there
   * where the configuration is read: where it is served, it may be.
   */
  readonly isAbsent?: true;
}

/**
 * `gateway.yaml:12:5: tokens.lifetimeSeconds: expected a whole number from 600 to 86400, found 5`.
 */
export function formatConfigFault(fault: ConfigFault, file: string): string {
  const path = fault.path === "" ? "" : `${fault.path}: `;
  return `${formatConfigPlace(fault, file)}: ${path}expected ${fault.expected}, found ${fault.found}`;
}

/** `gateway.yaml:12:5`, or less of it where less is known. */
export function formatConfigPlace(
  { line, column }: Pick<ConfigFault, "line" | "column">,
  file: string,
): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/**
 * `["profiles", 1, "when", "https://contoso.com/tid"]` as
 * `profiles[1].when["https://contoso.com/tid"]`.
 */
export function formatConfigPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") {
        return `[${step}]`;
      }
      const key = String(step);
      return /^[A-Za-z_$][\w$-]*$/.test(key)
        ? `${index === 0 ? "" : "."}${key}`
        : `[${JSON.stringify(key)}]`;
    })
    .join("");
}
