import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Touched } from './touched';

it('tells what was touched after any time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 400 }), fc.nat(400), (files, time) => {
      const touched = new Touched();
      for (const file of files) touched.touch(String(file));
      expect(touched.time).toBe(files.length);
      expect(touched.since(time).sort()).toEqual([...new Set(files.slice(time).map(String))].sort());
      expect(touched.since(touched.time)).toEqual([]);
    }),
  );
});
