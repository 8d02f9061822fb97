import { expect, test } from 'vitest';
import { saveName } from './save-name';

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\system32\\evil.dll', 'evil.dll'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['line\nbreak\0.txt', 'linebreak.txt'],
  ['.bashrc', 'bashrc'],
  ['  spaces . ', 'spaces'],
  ['CON.txt', '_CON.txt'],
  ['отчёт за май.docx', 'отчёт за май.docx'],
  ['写真.jpg', '写真.jpg'],
  ['half \ud83d.txt', 'half �.txt'],
  ['', 'file'],
  ['///', 'file'],
  [undefined, 'file'],
])('ASSET9 %j is saved as %j', (name, saved) => {
  expect(saveName(name, 'file')).toBe(saved);
});

test('a long name is cut, its ending stays', () => {
  const saved = saveName(`${'長'.repeat(400)}.tar`, 'file');
  expect([...saved]).toHaveLength(120);
  expect(saved.endsWith('長.tar')).toBe(true);
});
