/** The screen that has no scrollback: what moves there leaves no trace on the normal one, also when the window is resized. */
export const ENTER_OTHER_SCREEN = '\u001b[?1049h\u001b[H';
export const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
