// What may import what: the rules that neither the compiler nor the linter knows. Pure: texts in, violations out.
import { posix } from 'node:path';

/**
 * @typedef {{ readonly path: string, readonly text: string }} SourceFile path from the project's folder, with '/'
 * @typedef {{ readonly path: string, readonly line: number, readonly message: string }} Violation
 * @typedef {{ readonly specifier: string, readonly target: string, readonly line: number }} Import
 *   `target`: the path it leads to for a relative import, else the package's name
 * @typedef {{ readonly in: RegExp, readonly except?: RegExp, readonly forbids: RegExp, readonly message: string }} Rule
 */

const product = /^(shared|engine|cli|renderer|electron|bench|scripts)\//;
const test = /\.(test|e2e)\.tsx?$/;

/** @type {readonly Rule[]} */
const rules = [
  {
    in: product,
    except: /^renderer\/charts\/|\.test\.tsx?$/,
    forbids: /^(chart\.js|chartjs-.*)$/,
    message: 'only renderer/charts/ draws with chart.js',
  },
  { in: product, except: /^electron\/|\.test\.tsx?$/, forbids: /^electron$/, message: 'only electron/ knows Electron' },
  { in: /^shared\//, except: test, forbids: /^(?!zod$|shared\/)/, message: 'shared/ stands on zod alone' },
  { in: /^engine\//, forbids: /^(cli|electron|renderer)\//, message: 'engine/ knows no host and no UI' },
  { in: /^renderer\//, forbids: /^(engine|cli|electron)\//, message: 'the UI knows the contract only' },
  { in: /^cli\//, forbids: /^(electron|renderer)\//, message: 'cli/ knows neither the other host nor the UI' },
  { in: /^electron\//, forbids: /^(cli|renderer)\//, message: 'electron/ knows neither the other host nor the UI' },
  {
    in: /^electron\/preload\//,
    except: test,
    forbids: /^(?!electron$|electron\/preload\/|shared\/)/,
    message: 'the preload stands on shared/ alone',
  },
  {
    in: /^(shared|engine|cli|renderer|electron)\//,
    except: test,
    forbids: /^(tests|bench|scripts)\//,
    message: 'the product does not stand on its tests and tools',
  },
];

/** Of `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')` and `require('x')`. */
const importForms = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

/**
 * @param {SourceFile} file
 * @returns {readonly Import[]}
 */
export function importsOf({ path, text }) {
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) return [];
    return [...line.matchAll(importForms)].map(([, , specifier = '']) => ({
      specifier,
      line: index + 1,
      target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : packageOf(specifier),
    }));
  });
}

/** @param {string} specifier */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * @param {readonly SourceFile[]} files
 * @returns {readonly Violation[]}
 */
export function findLayerBreaks(files) {
  return files.flatMap((file) => {
    const own = rules.filter((rule) => rule.in.test(file.path) && rule.except?.test(file.path) !== true);
    return importsOf(file).flatMap(({ specifier, target, line }) =>
      own
        .filter((rule) => rule.forbids.test(target))
        .map((rule) => ({ path: file.path, line, message: `${rule.message}: it imports ${specifier}` })),
    );
  });
}

/**
 * Links of a Markdown file to files that are not there.
 * @param {SourceFile} file
 * @param {(path: string) => boolean} isThere
 * @returns {readonly Violation[]}
 */
export function findDeadLinks({ path, text }, isThere) {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => decodeURI(link.split('#')[0] ?? ''))
      .filter((link) => link !== '' && !/^[a-z]+:/i.test(link))
      .filter((link) => !isThere(posix.join(posix.dirname(path), link)))
      .map((link) => ({ path, line: index + 1, message: `the link leads nowhere: ${link}` })),
  );
}
