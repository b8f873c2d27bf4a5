/** More characters never come from fingers at once: a terminal that does not mark pastes, or keys that waited for a long time. */
export const MOST_TYPED_AT_ONCE = 64;
