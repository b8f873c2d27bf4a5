// Makes functions of the arrow functions that esbuild puts around the modules of a pack. V8 parses an arrow function inside another function
// completely when it compiles the file, and once more when it runs; a function only when it runs. Without compiled code, a chat begins earlier.

import ts from 'typescript';

/**
 * Returns the text of a pack with `name=wrap(function(){…})` in place of `name=wrap(()=>{…})`. What is inside uses neither `this` nor `arguments`:
 * in ES modules there are none, and esbuild has replaced those of CommonJS modules. If identifiers are not minified, esbuild makes no arrow
 * functions, and nothing changes.
 * @param {string} text
 * @returns {string}
 */
export function withFunctions(text) {
  let made = '';
  let at = 0;
  for (const { parameters, body, pos, end } of wrappersOf(text)) {
    const names = text.slice(parameters.pos, parameters.end);
    made += `${text.slice(at, pos)}function(${names})${text.slice(body.pos, end)}`;
    at = end;
  }
  return made + text.slice(at);
}

/**
 * Returns the only arguments of calls that are the values of variables of the pack, and are arrow functions with a block.
 * @param {string} text
 */
function wrappersOf(text) {
  const [statement] = ts.createSourceFile('pack.js', text, ts.ScriptTarget.ES2022).statements;
  const inner = statement && ts.isExpressionStatement(statement) ? statement.expression : undefined;
  const pack = inner && ts.isParenthesizedExpression(inner) ? inner.expression : undefined;
  if (pack === undefined || !ts.isFunctionExpression(pack)) throw new Error('a pack is a function in parentheses');
  return pack.body.statements
    .filter((each) => ts.isVariableStatement(each))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .map(({ initializer }) => (initializer && ts.isCallExpression(initializer) ? initializer.arguments : []))
    .flatMap((given) => (given.length === 1 && given[0] !== undefined && ts.isArrowFunction(given[0]) ? [given[0]] : []))
    .filter(({ modifiers, body }) => modifiers === undefined && ts.isBlock(body));
}
