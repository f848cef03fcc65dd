import type { ContainerStore } from "./container-store.ts";
import type { ContainerChange } from "./store-change.ts";

/** Applies a change inside a container. */
export function applyContainerChange(container: ContainerStore, change: ContainerChange): void {
  switch (change.kind) {
    case "itemsChanged":
      container.applyItems(change.written, change.removed);
      break;
    case "counted":
      container.applyCounts(change.lastNumber, change.lsns);
      break;
    case "scriptWritten":
      container.applyScript(change.script);
      break;
    case "scriptDeleted":
      container.applyScriptDeletion(change.type, change.id);
      break;
  }
}
