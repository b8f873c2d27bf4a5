import type { DatabaseName } from '../sqlite/errors.ts';

export const CONVERSATIONS_DATABASE: DatabaseName = {
  code: 'history',
  title: 'the conversations',
  isPlural: true,
  command: 'orx history list',
};
