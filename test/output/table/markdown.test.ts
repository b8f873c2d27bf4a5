import { expect, it } from 'vitest';
import { markdownTable } from '../../../src/output/table/markdown.ts';

it('aligns numbers and keeps cells inactive', () => {
  const table = markdownTable({
    columns: [
      { heading: 'model', align: 'left', dropOrder: 0 },
      { heading: 'in $/M', align: 'right', dropOrder: 0 },
    ],
    rows: [[{ text: 'a|b <script>x</script>\n[link](javascript:1) `code` _i_' }, { text: '0.27  ' }]],
  });
  expect(table).toBe(
    '| model | in $/M |\n| --- | --: |\n' +
      String.raw`| a\|b &#60;script&#62;x&#60;/script&#62; \[link\](javascript:1) ` +
      '\\`code\\` \\_i\\_ | 0.27 |\n',
  );
});
