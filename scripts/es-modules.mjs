import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/**
 * An esbuild plugin that reads what TypeScript has compiled to CommonJS as the ES modules that it was. A bundler must take a CommonJS module
 * as a whole; of an ES module it leaves out what nobody imports, and of a protocol library that is most of it. As in any ES module, imports
 * come first: what stood between two of them runs after both.
 * @param {RegExp} filter the files: of packages that are known to be compiled by TypeScript, and to be ES modules in their sources
 */
export const esModules = (filter) => ({
  name: 'es-modules',
  setup(build) {
    build.onLoad({ filter }, async ({ path }) => {
      try {
        return { contents: toEsModule(await readFile(path, 'utf8')), loader: 'js' };
      } catch (error) {
        return { errors: [{ text: `cannot be read as an ES module: ${error.message}`, location: { file: path } }] };
      }
    });
  },
});

/** What TypeScript puts at the head of a CommonJS module. */
const HELPERS = ['__createBinding', '__setModuleDefault', '__importStar', '__importDefault', '__exportStar'];

/** Classes of these libraries whose constructors do nothing but keep what they are given, and functions that make an object of it. */
const MESSAGE_TYPE = /^(?:Protocol)?(?:Request|Notification)Type\d?$|^ProgressType$/;
const PURE_CALL = /^Object\.freeze$|^(?:\w+\.)?CM\.create$/;

/**
 * The text of an ES module that does the same as a module compiled by TypeScript. Throws on anything that TypeScript does not write: what
 * is not understood is not to be bundled.
 */
export function toEsModule(text) {
  const source = ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const declared = new Set(source.statements.flatMap(declaredNames));
  const module = new EsModule(declared);
  const parts = source.statements.map((statement, i) => module.statement(statement, source.statements[i + 1]));
  return [...module.head, ...parts, ...module.tail].filter((part) => part !== '').join('\n');
}

class EsModule {
  head = [];
  tail = [];
  /** What an import is called in here, and where it comes from. */
  imported = new Map();
  /** What an export is called in here. */
  exported = new Map();
  /** Namespaces that nothing was declared of before, and whose making does nothing else. */
  fresh = new Map();

  constructor(declared) {
    this.declared = declared;
  }

  statement(node, next) {
    if (ts.isExpressionStatement(node)) return this.expression(node);
    if (ts.isVariableStatement(node)) {
      const [declaration] = node.declarationList.declarations;
      const name = declaration.name.getText();
      if (HELPERS.includes(name)) return '';
      const specifier = required(declaration.initializer);
      if (specifier !== undefined) {
        this.imported.set(name, specifier);
        this.head.push(`import * as ${name} from ${JSON.stringify(specifier)};`);
        return '';
      }
      // Made together with the namespace that follows.
      if (declaration.initializer === undefined && next !== undefined && namespaceOf(next) === name && isPure(next)) {
        this.fresh.set(next, node.modifiers === undefined ? 'var' : 'export var');
        return '';
      }
    }
    return this.rewritten(node);
  }

  expression(node) {
    const { expression } = node;
    if (ts.isStringLiteral(expression)) return '';
    if (ts.isCallExpression(expression)) {
      const callee = expression.expression.getText();
      if (callee === '__exportStar') {
        this.tail.push(`export * from ${JSON.stringify(required(expression.arguments[0]))};`);
        return '';
      }
      if (callee === 'Object.defineProperty' && expression.arguments[0].getText() === 'exports') return this.property(expression);
      const name = namespaceOf(node);
      if (name !== undefined) return this.namespace(node, name);
    }
    const assigned = exportedBy(expression);
    if (assigned === undefined) return this.rewritten(node);
    const { names, value } = assigned;
    if (value.getText() === 'void 0') return '';
    if (names.length !== 1) throw new Error(`two exports of one value: ${node.getText()}`);
    const [name] = names;
    if (this.exported.has(name)) return this.rewritten(node);
    if (ts.isIdentifier(value)) return this.export(value.text, name);
    const own = this.declared.has(name) || name === 'default' ? `exported_${name}` : name;
    this.export(own, name);
    return `let ${own} = ${this.rewritten(value)};`;
  }

  /** `Object.defineProperty(exports, 'Name', { enumerable: true, get: function () { return module_1.Name; } })` */
  property(call) {
    const [, key, descriptor] = call.arguments;
    if (key.text === '__esModule') return '';
    const getter = descriptor.properties?.find((property) => property.name.getText() === 'get')?.initializer;
    const got = getter?.body?.statements[0]?.expression;
    const specifier = ts.isPropertyAccessExpression(got) ? this.imported.get(got.expression.getText()) : undefined;
    if (specifier === undefined) throw new Error(`an export that is no other module's: ${call.getText()}`);
    this.tail.push(`export { ${got.name.text} as ${key.text} } from ${JSON.stringify(specifier)};`);
    return '';
  }

  /** `(function (Name) { … })(Name || (exports.Name = Name = {}));` */
  namespace(node, name) {
    const [argument] = node.expression.arguments;
    if (argument.getText().includes('exports.')) this.export(name, name);
    const make = node.expression.expression.expression;
    const body = make.body.statements.map((statement) => this.rewritten(statement)).join('\n');
    const parameter = make.parameters[0].getText();
    const made = `(function (${parameter}) {\n${body}\nreturn ${parameter};\n})`;
    const declaration = this.fresh.get(node);
    return declaration !== undefined
      ? `${declaration} ${name} = /* @__PURE__ */ ${made}({});`
      : `${made}(${name} || (${name} = {}));`;
  }

  export(own, name) {
    if (!this.exported.has(name)) this.tail.push(`export { ${own} as ${name} };`);
    this.exported.set(name, own);
    return '';
  }

  /** The text of a node that stays, with exports called what they are called in here. */
  rewritten(node) {
    const cuts = [];
    const visit = (inner) => {
      if (ts.isPropertyAccessExpression(inner) && inner.expression.getText() === 'exports') cuts.push(inner);
      else {
        if (ts.isIdentifier(inner) && ['exports', 'require', 'module'].includes(inner.text) && !isName(inner))
          throw new Error(`${inner.text} in ${inner.parent.getText().slice(0, 80)}`);
        ts.forEachChild(inner, visit);
      }
    };
    visit(node);
    const start = node.getStart();
    return cuts.reduceRight((text, cut) => {
      const own = this.exported.get(cut.name.text);
      if (own === undefined) throw new Error(`exports.${cut.name.text} is used before it is made`);
      return text.slice(0, cut.getStart() - start) + own + text.slice(cut.getEnd() - start);
    }, node.getText());
  }
}

/** Whether an identifier names a property or a parameter, rather than the variable. */
function isName({ parent, text }) {
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name.text === text;
  return ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent);
}

function declaredNames(statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText());
  return (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name ? [statement.name.text] : [];
}

/** `require('x')`, with or without the helper around it. */
function required(node) {
  if (node === undefined || !ts.isCallExpression(node)) return undefined;
  const callee = node.expression.getText();
  if (callee === '__importStar' || callee === '__importDefault') return required(node.arguments[0]);
  return callee === 'require' && ts.isStringLiteral(node.arguments[0]) ? node.arguments[0].text : undefined;
}

/** `exports.a = exports.b = value` */
function exportedBy(node) {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (!ts.isPropertyAccessExpression(node.left) || node.left.expression.getText() !== 'exports') return undefined;
  const inner = exportedBy(node.right) ?? { names: [], value: node.right };
  return { names: [node.left.name.text, ...inner.names], value: inner.value };
}

/** The name in `(function (Name) { … })(Name || (… = {}))`. */
function namespaceOf(statement) {
  const call = statement.expression;
  if (call === undefined || !ts.isCallExpression(call) || call.arguments.length !== 1) return undefined;
  const made = ts.isParenthesizedExpression(call.expression) ? call.expression.expression : undefined;
  const [argument] = call.arguments;
  if (made === undefined || !ts.isFunctionExpression(made) || !ts.isBinaryExpression(argument)) return undefined;
  return argument.operatorToken.kind === ts.SyntaxKind.BarBarToken ? argument.left.getText() : undefined;
}

/** Whether making a namespace does nothing but make it. */
function isPure(statement) {
  const { body } = statement.expression.expression.expression;
  return body.statements.every((inner) => {
    if (ts.isFunctionDeclaration(inner)) return true;
    if (ts.isVariableStatement(inner))
      return inner.declarationList.declarations.every(({ initializer }) => isPureValue(initializer));
    if (!ts.isExpressionStatement(inner) || !ts.isBinaryExpression(inner.expression)) return false;
    const { left, operatorToken, right } = inner.expression;
    return operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(left) && isPureValue(right);
  });
}

function isPureValue(node) {
  if (node === undefined || ts.isLiteralExpression(node) || ts.isIdentifier(node)) return true;
  if (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) return true;
  if ([ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)) return true;
  if (ts.isPropertyAccessExpression(node)) return isPureValue(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return isPureValue(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPureValue);
  if (ts.isNewExpression(node)) {
    const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
    return MESSAGE_TYPE.test(name) && (node.arguments ?? []).every(isPureValue);
  }
  if (ts.isCallExpression(node)) return PURE_CALL.test(node.expression.getText()) && node.arguments.every(isPureValue);
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.every((property) => ts.isMethodDeclaration(property) || isPureValue(property.initializer))
  );
}
