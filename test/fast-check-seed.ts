import fc from "fast-check";

/**
 * In CI every run generates the same cases, so that a change is judged by what it changes. Anywhere
 * else each run generates new ones, and a failure prints the seed that brings it back.
 */
if (process.env.CI) {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_122 });
}
