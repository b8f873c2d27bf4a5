import { createRequire } from 'node:module';
import type ts from 'typescript';

/** TypeScript's compiler. With an import, Node would first read all of it for the names of its exports, which takes twice as long as loading it. */
export const compiler = createRequire(import.meta.url)('typescript') as typeof ts;
