/** Makes the process that loads it first take itself for an old Node.js, as a fresh machine may have it. */
if (process.env.PRETENDED_OLD === undefined) {
  process.env.PRETENDED_OLD = "yes";
  Object.defineProperty(process, "versions", {
    value: { ...process.versions, node: "20.0.0" },
  });
}
