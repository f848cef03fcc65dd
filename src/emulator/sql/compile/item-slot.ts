/** The slot of the row that holds the container's item. */
export const itemSlot = 0;
