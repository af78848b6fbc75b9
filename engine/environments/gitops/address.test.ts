import { describe, expect, it } from 'vitest';
import { addressOf, remoteAddress, repositoryName } from './address';

describe('one repository has one address', () => {
  it.each([
    'https://git.example/shop/deploy',
    'https://git.example/shop/deploy.git',
    'https://git.example/shop/deploy.git/',
    'https://git.example/shop/deploy//',
    'https://Git.Example/Shop/Deploy.git',
    'https://token:secret@git.example/shop/deploy',
    'https://git.example:8443/shop/deploy',
    'http://git.example:/shop/deploy',
    'ssh://git@git.example:2222/shop/deploy.git',
    'git+ssh://git@git.example/shop/deploy',
    'git@git.example:shop/deploy.git',
    'git@git.example:/shop/deploy',
    'git.example:shop/deploy',
    'git.example/shop/deploy',
    '  git@git.example:shop/deploy.git ',
  ])('%s', (url) => {
    expect(addressOf(url)).toBe('git.example/shop/deploy');
  });

  it.each([
    ['git@git.example:123/deploy', 'git.example/123/deploy'],
    ['ssh://git@[::1]:22/deploy', '[::1]/deploy'],
    ['https://git.example', 'git.example'],
    ['https://git.example:443', 'git.example'],
    ['', ''],
    ['/', ''],
  ])('of %j it is %j', (url, address) => {
    expect(addressOf(url)).toBe(address);
  });
});

it.each([
  ['git@git.example:shop/deploy.git', 'git.example/shop/deploy'],
  ['work:shop/deploy', 'work/shop/deploy'],
  ['https://git.example/deploy', 'git.example/deploy'],
  ['file:///srv/git/deploy.git', undefined],
  ['/srv/git/deploy.git', undefined],
  ['../deploy', undefined],
  ['deploy', undefined],
  ['C:\\git\\deploy', undefined],
  ['C:/git/deploy', undefined],
  ['', undefined],
  ['https://', undefined],
])('a remote %j stands at %j', (url, address) => {
  expect(remoteAddress(url)).toBe(address);
});

it.each([
  ['git.example/shop/deploy', 'deploy'],
  ['deploy', 'deploy'],
  ['', ''],
])('%j is called %j', (address, name) => {
  expect(repositoryName(address)).toBe(name);
});

it('takes time in proportion to the text', () => {
  const start = performance.now();
  for (const part of ['/', ':', '@', 'a', 'a:', 'https://', '.git', ':1']) {
    addressOf(part.repeat(200_000));
    addressOf(`https://${part.repeat(200_000)}`);
    remoteAddress(part.repeat(200_000));
  }
  expect(performance.now() - start).toBeLessThan(2000);
});
