/**
 * A data folder that can't be used, with a sentence for the person who named it. Code that
 * does not import this class knows the error by its `code`.
 */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
  readonly code = "DATA_FOLDER";
}

/**
 * The error for a file of the folder that no longer says what was written. `place` is the file, or
 * a line in it.
 */
export function damagedData(place: string): DataFolderError {
  return new DataFolderError(
    `The emulator's data is damaged: ${place}. Put a copy of the folder in its place, or choose another folder.`,
  );
}

/**
 * Runs what touches a data folder.
 *
 * @throws DataFolderError for any error there.
 */
export function withinDataFolder<Result>(folder: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof DataFolderError
      ? error
      : new DataFolderError(`The data folder ${folder} can't be used: ${reasonOf(error)}.`, {
          cause: error,
        });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "it is a file",
  ENOENT: "no folder can be made there",
  ENOTDIR: "it is a file, or lies below one",
  EACCES: "this process may not read and write there",
  EPERM: "this process may not read and write there",
  EROFS: "it can only be read",
  ENOSPC: "the disk is full",
};
