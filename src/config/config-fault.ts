/** One thing that is wrong with a configuration. Holds no secret's value. */
export interface ConfigFault {
  /** Where, such as `profiles[1].permissions[0].mode`; empty for the file as a whole. */
  readonly path: string;
  /** Where in the file, from 1. Absent for what doesn't come from it. */
  readonly line?: number;
  readonly column?: number;
  readonly expected: string;
  readonly found: string;
}

/** `gateway.yaml:12:5: tokens.lifetimeSeconds: expected a whole number from 600 to 86400, found 5`. */
export function formatConfigFault(fault: ConfigFault, file: string): string {
  const place = [file, fault.line, fault.column].filter((part) => part !== undefined).join(":");
  const path = fault.path === "" ? "" : `${fault.path}: `;
  return `${place}: ${path}expected ${fault.expected}, found ${fault.found}`;
}

/** `["profiles", 1, "when", "https://contoso.com/tid"]` as `profiles[1].when["https://contoso.com/tid"]`. */
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
