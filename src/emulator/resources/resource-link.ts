/** The segments of a link as a permission writes it, with or without a slash at its end. */
export function linkSegments(link: string): readonly string[] {
  return (link.endsWith("/") ? link.slice(0, -1) : link).split("/");
}
