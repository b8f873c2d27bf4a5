/**
 * Most characters that typing produces at once. More come from a terminal that does not mark pastes, or from keys that waited for a long time.
 */
export const MOST_TYPED_AT_ONCE = 64;
