import { randomBytes } from "node:crypto";
import type { EmulatorClock } from "../emulator-clock.ts";
import { type AccountStore, createAccountStore } from "../store/account-store.ts";
import { captureSnapshot } from "./capture-snapshot.ts";
import { openDataDirectory } from "./data-directory.ts";
import { withinDataFolder } from "./data-folder-error.ts";
import { openJournal } from "./journal.ts";

/** The account's data with what keeps it. */
export interface OpenStore {
  readonly store: AccountStore;
  /** What resource tokens are sealed with. */
  readonly resourceTokenSecret: Uint8Array;
  closeStore(): Promise<void>;
}

/**
 * An account in memory, or the one that a folder holds. `compactionBytes` is how long a log may
 * grow before a snapshot replaces it: 64 MB unless said otherwise.
 *
 * @throws DataFolderError if the folder is in use, damaged or can't be opened.
 */
export function openStore(
  clock: EmulatorClock,
  dataDir: string | undefined,
  compactionBytes?: number,
): OpenStore {
  if (dataDir === undefined) {
    return {
      store: createAccountStore(clock, () => {}),
      resourceTokenSecret: randomBytes(32),
      closeStore: async () => {},
    };
  }
  return withinDataFolder(dataDir, () => openFolder(clock, dataDir, compactionBytes));
}

function openFolder(
  clock: EmulatorClock,
  dataDir: string,
  compactionBytes: number | undefined,
): OpenStore {
  const directory = openDataDirectory(dataDir);
  try {
    const journal = openJournal(directory, compactionBytes);
    const store = createAccountStore(clock, (change) => {
      // First: the state that a snapshot captures lacks this change, which belongs in the new log.
      journal.compactIfLarge(() => captureSnapshot(store));
      journal.append(change);
    });
    for (const change of journal.recover()) {
      store.replay(change);
    }
    return {
      store,
      resourceTokenSecret: directory.resourceTokenSecret,
      closeStore: async () => {
        await journal.close();
        directory.release();
      },
    };
  } catch (error) {
    directory.release();
    throw error;
  }
}
