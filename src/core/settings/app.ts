import { categories, headerText } from './parsers.ts';
import { withDefault } from './spec.ts';

/** Settings of how orx identifies itself to the API. */
export const APP = {
  'app-url': withDefault<string>({
    flags: '--app-url <url>',
    env: ['OPENROUTER_HTTP_REFERER'],
    default: 'https://orx.example',
    description: 'app URL sent to the API',
    parse: headerText('app-url'),
  }),
  'app-title': withDefault<string>({
    flags: '--app-title <name>',
    env: ['OPENROUTER_APP_TITLE'],
    default: 'orx',
    description: 'app name sent to the API',
    parse: headerText('app-title'),
  }),
  'app-categories': withDefault<string>({
    flags: '--app-categories <list>',
    env: ['OPENROUTER_APP_CATEGORIES'],
    default: 'cli-agent',
    description: 'app categories for the API (at most 2)',
    parse: categories('app-categories'),
  }),
} as const;
