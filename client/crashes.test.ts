import { describe, expect, it } from 'vitest';
import { Crashes } from './crashes';

const SECOND = 1000;

describe('a server that crashes', () => {
  it('is started again four times, and not after the fifth within three minutes', () => {
    const crashes = new Crashes();
    const answers = [0, 40, 80, 120, 179].map((second) => crashes.mayRestart(second * SECOND));
    expect(answers).toEqual([true, true, true, true, false]);
  });

  it('is started again when the crashes are further apart', () => {
    const crashes = new Crashes();
    const answers = [0, 45, 90, 135, 180, 225, 270].map((second) => crashes.mayRestart(second * SECOND));
    expect(answers).not.toContain(false);
  });

  it('has all its tries again when somebody asks for it', () => {
    const crashes = new Crashes();
    for (let i = 0; i < 4; i++) crashes.mayRestart(i);
    crashes.clear();
    expect(crashes.mayRestart(5)).toBe(true);
  });
});
