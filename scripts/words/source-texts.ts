import { parseSync } from 'vite';

/** A text of the code: what is filled into a template stands as '…'. */
export interface CodeText {
  readonly line: number;
  readonly text: string;
  /** What holds it: the name of an attribute, of a property or of the function called, '<>' for text between tags, '' for anything else. */
  readonly holder: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Every string, template and text between tags of a source file; imports, types and comparisons aside. */
export function textsOfSource(path: string, source: string): readonly CodeText[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found: CodeText[] = [];
  const add = (node: Node, text: string, holder: string): void => {
    found.push({ line: source.slice(0, node.start).split('\n').length, text, holder });
  };
  function visit(node: Node, holder: string): void {
    if (/^(TS(?!As|Satisfies|NonNull)|Import|ExportAll)/.test(node.type) && node.type !== 'ImportExpression') return;
    if (node.type === 'JSXText') add(node, String(node.value), '<>');
    else if (node.type === 'Literal' && typeof node.value === 'string') add(node, node.value, holder);
    else if (node.type === 'TemplateLiteral') {
      const quasis = node.quasis as readonly { readonly value: { readonly cooked: string } }[];
      add(node, quasis.map(({ value }) => value.cooked).join('…'), holder);
    }
    for (const [key, child] of Object.entries(node))
      for (const one of Array.isArray(child) ? child : [child])
        if (isNode(one)) visit(one, holderOf(node, key, holder, source));
  }
  visit(program as unknown as Node, '');
  return found;
}

/** The holder of what stands under `key` of the node. */
function holderOf(node: Node, key: string, holder: string, source: string): string {
  const nameOf = (part: unknown): string => {
    const { start, end } = part as { readonly start: number; readonly end: number };
    return source.slice(start, end);
  };
  switch (node.type) {
    case 'JSXAttribute':
      return nameOf(node.name);
    case 'Property':
      return key === 'value' ? nameOf(node.key) : '';
    case 'CallExpression':
    case 'NewExpression':
      return nameOf(node.callee);
    case 'JSXElement':
    case 'JSXFragment':
      return '<>';
    case 'ConditionalExpression':
      return key === 'test' ? '' : holder;
    case 'LogicalExpression':
      return key === 'left' && node.operator === '&&' ? '' : holder;
    case 'BinaryExpression':
      return node.operator === '+' ? holder : '';
    case 'TemplateLiteral':
      return /^(t|words|tell)$/.test(holder) ? '' : holder;
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return holder;
    default:
      return '';
  }
}
