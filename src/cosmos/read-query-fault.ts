/** A fault of a query's text, as Cosmos DB found it. */
export interface QueryFault {
  /** Cosmos DB's own code, such as SC1001 for a syntax error. */
  readonly code: string;
  readonly message: string;
  /** Where in the query text, in UTF-16 units, `end` exclusive. Absent: no place in particular. */
  readonly location?: { readonly start: number; readonly end: number };
}

/** How much of a fault's text is passed on. Those of Cosmos DB are a sentence. */
const MAX_MESSAGE_LENGTH = 300;

/**
 * The first fault of the query's text that a 400 tells of; undefined for a 400 about anything else.
 *
 * @param answer the service's text, such as `Message: {"errors":[{"severity":"Error","location":
 * {"start":0,"end":5},"code":"SC1001","message":"Syntax error, incorrect syntax near 'SELEC'."}]}`.
 */
export function readQueryFault(answer: string): QueryFault | undefined {
  const [body] = /\{.*\}/s.exec(answer) ?? [];
  if (body === undefined) {
    return undefined;
  }
  const [first] = readErrors(body);
  const { code, message, location } = first ?? {};
  if (typeof code !== "string" || !/^SC\d{4}$/.test(code) || typeof message !== "string") {
    return undefined;
  }
  const { start, end } = location ?? {};
  return {
    code,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    ...(typeof start === "number" && typeof end === "number" && { location: { start, end } }),
  };
}

/** Of unknown shape, each member looked at before it is used. */
interface AnsweredError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly location?: { readonly start?: unknown; readonly end?: unknown } | null;
}

function readErrors(body: string): readonly (AnsweredError | null)[] {
  try {
    const { errors }: { readonly errors?: unknown } = JSON.parse(body);
    return Array.isArray(errors) ? errors : [];
  } catch {
    return [];
  }
}
