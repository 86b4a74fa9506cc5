import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { sourceFiles } from '../support/source-tree.js';

const root = join(import.meta.dirname, '..', '..');
const own = sourceFiles('src');
const tests = sourceFiles('test');
const sorted = own.map((file) => lines(file.text)).sort((a, b) => a - b);

test('names are kebab-case', () => {
  const names = [...own, ...tests].map((file) => file.path);
  expect(
    names.filter((path) => !/^(?:[a-z0-9-]+\/)+[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.fuzz)?\.tsx?$/.test(path)),
  ).toEqual([]);
});

test('names say what a file is about', () => {
  const vague = /(^|[-/])(utils?|helpers?|common|misc|manager|service|handlers?|index)(?=[-.])/;
  expect(own.map((file) => file.path).filter((path) => vague.test(path))).toEqual([]);
});

test('no file of the program has more than 250 lines', () => {
  expect(own.filter((file) => lines(file.text) > 250).map((file) => `${file.path} ${lines(file.text)}`)).toEqual([]);
});

test('half the files have fewer than 80 lines', () => {
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(80);
});

test('no file only passes on what others export', () => {
  const barrels = own.filter((file) => file.tree.statements.every((one) => ts.isExportDeclaration(one)));
  expect(barrels.map((file) => file.path)).toEqual([]);
});

test('every function, schema and type that is exported says in a comment what its signature cannot', () => {
  expect(
    own
      .filter((file) => !file.path.startsWith('src/web/client/'))
      .flatMap((file) => undocumented(file.tree).map((name) => `${file.path} ${name}`)),
  ).toEqual([]);
});

test('nothing is left for later or switched off', () => {
  const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', '@ts-ig' + 'nore', '@ts-no' + 'check'].join('|'));
  const off = /\b(?:test|it|describe)\.(?:skip|only|todo|fails)\b/;
  expect([...own, ...tests].filter((file) => marks.test(file.text)).map((file) => file.path)).toEqual([]);
  expect(tests.filter((file) => off.test(file.text.replaceAll('test.skipIf', ''))).map((file) => file.path)).toEqual(
    [],
  );
});

test('a test stands where its subject stands', () => {
  const subjects = new Set(own.map((file) => file.path.replace(/\.tsx?$/, '')));
  const mirrored = tests.filter((file) =>
    /^test\/(commands|detector|uploader|replay|discovery|domain|pipelines|adapters|async|runtime)\/.*\.test\.ts$/.test(
      file.path,
    ),
  );
  const orphans = mirrored.filter(
    (file) => !subjects.has(file.path.replace(/^test\//, 'src/').replace(/\.test\.ts$/, '')),
  );
  expect(orphans.map((file) => file.path)).toEqual([]);
});

test('nothing names a path of the machine it was written on', () => {
  const machine = new RegExp(
    [
      ['', 'work', '(?:main|wt|shared|notes)'],
      ['', 'home', '[a-z]+', ''],
      ['', 'root', ''],
    ]
      .map((parts) => parts.join('/'))
      .join('|'),
  );
  const folders = ['src', 'test', 'tools', 'native', 'bench', 'config', 'docker', 'packaging', 'examples', 'docs'];
  const texts = folders.flatMap((folder) => textFiles(folder));
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'NOTICE',
    'package.json',
  ];
  const wrong = [...texts, ...pages].filter((path) => machine.test(readOr(path)));
  expect(wrong).toEqual([]);
});

function lines(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** The exported names without a doc comment; a type that is only inferred from a schema needs none. */
function undocumented(tree: ts.SourceFile): readonly string[] {
  return tree.statements.flatMap((statement) => {
    if (
      !ts.canHaveModifiers(statement) ||
      !ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)
    )
      return [];
    if (ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    if (ts.isTypeAliasDeclaration(statement)) {
      return statement.type.getText(tree).startsWith('z.infer<') ? [] : [statement.name.text];
    }
    if (ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((one) => one.name.getText(tree));
    return [];
  });
}

function textFiles(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() &&
          /\.(tsx?|mjs|js|sh|py|ya?ml|json|md|service|conf|env|example)$|^[A-Za-z]+file$/.test(entry.name),
      )
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((path) => !/(^|\/)(build|node_modules|out|clips)\//.test(path));
  } catch {
    return [];
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}
