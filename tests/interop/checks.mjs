// What the clients' scripts share: checks with a time limit, exact decimals, the running exchange.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';

export const exchange = JSON.parse(readFileSync(process.env.FLOWDECK_EXCHANGE, 'utf8'));
export const DAY_MS = 24 * 3600 * 1000;

const CHECK_MS_MAX = 30000;
const counts = {passed: 0, failed: 0};

// Runs one check and prints its line; what it returns is the check's result, undefined if it failed.
export async function check(name, run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${CHECK_MS_MAX / 1000} s`)), CHECK_MS_MAX);
  });
  try {
    const result = await Promise.race([run(), late]);
    counts.passed++;
    console.log(`ok    ${name}`);
    return result;
  } catch (error) {
    const text = error?.stack ?? JSON.stringify(error);
    const shown = process.env.INTEROP_VERBOSE ? text : String(error?.message ?? text).split('\n').slice(0, 6).join(' | ');
    counts.failed++;
    console.log(`FAIL  ${name}: ${shown.slice(0, 1500)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

export function finish() {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 ? 0 : 1);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Polls until value() is true.
export async function until(what, value, limit_ms = 10000) {
  const end = Date.now() + limit_ms;
  while (Date.now() < end) {
    if (await value()) return;
    await sleep(50);
  }
  assert.fail(`not seen within ${limit_ms} ms: ${what}`);
}

// A decimal text as a whole number of 10^-8, exactly.
export function e8(text) {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(text));
  assert.ok(match, `not a plain decimal: ${text}`);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  assert.ok(fraction.length <= 8, `more than 8 decimals: ${text}`);
  const value = BigInt(match[2]) * 100000000n + BigInt(fraction.padEnd(8, '0'));
  return match[1] === '-' ? -value : value;
}
export const e8_sum = (texts) => texts.reduce((total, text) => total + e8(text), 0n);
// price * quantity, both 10^-8, as 10^-16.
export const e16_product = (a, b) => e8(a) * e8(b);

// Levels as the exchange's own records have them after this update; null: it no longer knows.
export async function truth(symbol, update_id, usdm) {
  const url = `${exchange.rest}/sim/truth/${symbol}?update_id=${update_id}&usdm=${usdm ? 1 : 0}`;
  const answer = await fetch(url);
  if (answer.status === 404) return null;
  assert.equal(answer.status, 200);
  return answer.json();
}

// Sorted from the best, no price twice, bids below asks; levels are [price, quantity] texts or numbers.
export function assert_book(book, why = 'book') {
  assert.ok(book.bids.length > 0 && book.asks.length > 0, `${why}: a side is empty`);
  for (let i = 1; i < book.bids.length; i++)
    assert.ok(Number(book.bids[i][0]) < Number(book.bids[i - 1][0]), `${why}: bids out of order at ${i}`);
  for (let i = 1; i < book.asks.length; i++)
    assert.ok(Number(book.asks[i][0]) > Number(book.asks[i - 1][0]), `${why}: asks out of order at ${i}`);
  for (const [price, quantity] of [...book.bids, ...book.asks])
    assert.ok(Number(price) > 0 && Number(quantity) > 0, `${why}: level ${price} ${quantity}`);
  assert.ok(Number(book.bids[0][0]) < Number(book.asks[0][0]), `${why}: crossed`);
}

// The first `depth` levels of both books are the same numbers.
export function assert_same_levels(book, other, depth, why) {
  for (const side of ['bids', 'asks'])
    for (let i = 0; i < Math.min(depth, Math.max(book[side].length, other[side].length)); i++) {
      const [here, there] = [book[side][i] ?? [], other[side][i] ?? []];
      assert.ok(Number(here[0]) === Number(there[0]) && Number(here[1]) === Number(there[1]),
                `${why}: ${side} level ${i} is ${here[0]} ${here[1]}, true is ${there[0]} ${there[1]}`);
    }
}

// The client threw an error of this class; returns it.
export async function throws(kind, run) {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof kind, `${error?.constructor?.name} instead of ${kind.name}: ${error?.message}`);
    return error;
  }
  return assert.fail(`no error where ${kind.name} was due`);
}
