/**
 * Loaded into a server before its own code (`node --require`), so that what is shipped needs no code for measuring. It notes when bytes come
 * in and when they have gone out, how long turns of the event loop take, and what heap and CPU the process uses; it is asked by IPC, which
 * the server does not use. Times are of the monotonic clock in microseconds, as those of V8's CPU profiles.
 */
const { Session } = require('node:inspector');
const { writeFileSync } = require('node:fs');

const now = () => Number(process.hrtime.bigint() / 1000n);

/** CPU time of the process so far, in microseconds. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Bytes with the time, and the CPU time, at which they were here: received whole, or handed to the pipe whole. */
let received = [];
let sent = [];
let isRecording = false;

const { emit } = process.stdin;
process.stdin.emit = function (event, chunk, ...rest) {
  if (isRecording && event === 'data') received.push({ at: now(), cpu: cpu(), chunk });
  return emit.call(this, event, chunk, ...rest);
};
const { write } = process.stdout;
process.stdout.write = function (chunk, ...rest) {
  const isBelow = write.call(this, chunk, ...rest);
  if (isRecording) sent.push({ at: now(), cpu: cpu(), chunk: Buffer.from(chunk) });
  return isBelow;
};

/** The messages in a stream of bytes, each with the time at which its last byte was here. */
function messagesIn(chunks) {
  const messages = [];
  let rest = Buffer.alloc(0);
  for (const { at, cpu: used, chunk } of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = rest.indexOf('\r\n\r\n');
      if (head < 0) break;
      const length = Number(/content-length: *(\d+)/i.exec(rest.toString('latin1', 0, head))?.[1]);
      if (rest.length < head + 4 + length) break;
      messages.push({ at, cpu: used, ...outline(JSON.parse(rest.toString('utf8', head + 4, head + 4 + length))) });
      rest = rest.subarray(head + 4 + length);
    }
  }
  return messages;
}

/** What tells messages apart; texts and diagnostics stay here. */
function outline({ id, method, params }) {
  const { textDocument, uri = textDocument?.uri, version = textDocument?.version } = params ?? {};
  return { id, method, uri, version };
}

/** A chain of immediates runs once a turn, so that the time between two is that of a turn. The loop does not sleep meanwhile. */
let turns;
function watchTurns() {
  turns = { count: 0, long: [], last: now(), used: cpu() };
  const turn = () => {
    if (turns === undefined) return;
    const [at, used] = [now(), cpu()];
    turns.count++;
    if (at - turns.last > 20_000) turns.long.push({ start: turns.last, end: at, cpu: used - turns.used });
    Object.assign(turns, { last: at, used });
    setImmediate(turn);
  };
  setImmediate(turn);
}

let session;
const post = (method, params) =>
  new Promise((resolve, reject) => {
    session.post(method, params, (error, result) => (error ? reject(new Error(error.message)) : resolve(result)));
  });

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const answers = {
  record() {
    received = [];
    sent = [];
    isRecording = true;
  },
  recorded() {
    isRecording = false;
    const messages = { received: messagesIn(received), sent: messagesIn(sent) };
    received = [];
    sent = [];
    return messages;
  },
  watchTurns,
  turns() {
    const { count, long } = turns;
    turns = undefined;
    return { count, long };
  },
  /** Bytes that are in use after collection, on V8's heap and outside of it. */
  async heap() {
    // What finalizers and weak references let go is collected in a later round.
    for (let round = 0; round < 4; round++) {
      globalThis.gc();
      await pause(20);
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { used: heapUsed + external, resident: rss };
  },
  cpu,
  async startProfile() {
    session = new Session();
    session.connect();
    await post('Profiler.enable');
    await post('Profiler.setSamplingInterval', { interval: 250 });
    await post('Profiler.start');
  },
  async stopProfile(path) {
    const { profile } = await post('Profiler.stop');
    session.disconnect();
    writeFileSync(path, JSON.stringify(profile));
  },
};

process.on('message', async ({ id, ask, with: argument }) => {
  try {
    process.send({ id, answer: await answers[ask](argument) });
  } catch (error) {
    process.send({ id, problem: error.stack });
  }
});
// The server decides when it ends, not who measures it.
process.channel.unref();
