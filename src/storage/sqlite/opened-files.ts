/**
 * The databases that SQLite has opened in this process. Closing any other descriptor of such a file would release SQLite's locks (POSIX), also
 * those of a connection that is closed but not yet freed.
 */
export const openedFiles: Set<string> = new Set();
