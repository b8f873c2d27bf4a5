import { categories, headerText } from './parsers.ts';
import { withDefault } from './spec.ts';

/** Settings of how orx names itself to the API. */
export const APP = {
  'app-url': withDefault<string>({
    flags: '--app-url <url>',
    env: ['OPENROUTER_HTTP_REFERER'],
    default: 'https://orx.example',
    description: 'address that identifies the app to the API (HTTP-Referer)',
    parse: headerText('app-url'),
  }),
  'app-title': withDefault<string>({
    flags: '--app-title <name>',
    env: ['OPENROUTER_APP_TITLE'],
    default: 'orx',
    description: 'name that identifies the app to the API (X-Title, X-OpenRouter-Title)',
    parse: headerText('app-title'),
  }),
  'app-categories': withDefault<string>({
    flags: '--app-categories <list>',
    env: ['OPENROUTER_APP_CATEGORIES'],
    default: 'cli-agent',
    description: 'categories of the app (X-OpenRouter-Categories), at most two',
    parse: categories('app-categories'),
  }),
} as const;
