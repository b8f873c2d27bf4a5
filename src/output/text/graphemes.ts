export { graphemes } from '../../core/graphemes.ts';
