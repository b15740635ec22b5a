// A local book by the venue's rules: a snapshot and the diff. depth events around it, spot or USD-M.
import assert from 'node:assert/strict';
import {e8} from './checks.mjs';

export class LocalBook {
  constructor(snapshot, usdm) {
    this.usdm = usdm;
    this.id = snapshot.lastUpdateId;
    this.first = true;
    this.applied = 0;
    this.side = {bids: new Map(), asks: new Map()};
    this.#set('bids', snapshot.bids);
    this.#set('asks', snapshot.asks);
  }

  #set(name, levels) {
    for (const [price, quantity] of levels)
      if (e8(quantity) === 0n) this.side[name].delete(e8(price));
      else this.side[name].set(e8(price), e8(quantity));
  }

  // False: older than the snapshot. A gap is an assertion.
  apply(event) {
    if (this.usdm ? event.u < this.id : event.u <= this.id) return false;
    if (this.first) assert.ok(event.U <= this.id + (this.usdm ? 0 : 1) && event.u >= this.id, `first event ${event.U} to ${event.u} for ${this.id}`);
    else if (this.usdm) assert.equal(event.pu, this.id, 'pu is not the u before');
    else assert.equal(event.U, this.id + 1, 'U does not follow the u before');
    this.first = false;
    this.id = event.u;
    this.#set('bids', event.b);
    this.#set('asks', event.a);
    this.applied++;
    return true;
  }

  // Prices and quantities at the top, 10^-8.
  best() {
    let bid = 0n, ask = null;
    for (const price of this.side.bids.keys()) if (price > bid) bid = price;
    for (const price of this.side.asks.keys()) if (ask === null || price < ask) ask = price;
    return {bid, bid_qty: this.side.bids.get(bid), ask, ask_qty: this.side.asks.get(ask)};
  }

  // Every level is in the true book and the other way round; other: {bids, asks} of texts.
  assert_is(other) {
    for (const name of ['bids', 'asks']) {
      const there = new Map(other[name].map(([price, quantity]) => [e8(price), e8(quantity)]));
      for (const [price, quantity] of there) assert.equal(this.side[name].get(price), quantity, `${name} at ${price}`);
      assert.equal(this.side[name].size, there.size, `number of ${name}`);
    }
  }
}

// The top of the book after each event is the last quote at or before the event's id. Returns how many were compared.
export function compare_with_quotes(book, events, quotes) {
  let next = 0, compared = 0, latest = null;
  quotes.sort((a, b) => a.u - b.u);
  for (const event of events) {
    if (!book.apply(event)) continue;
    while (next < quotes.length && quotes[next].u <= event.u) latest = quotes[next++];
    if (latest === null || next === quotes.length) continue; // none yet; or a quote up to this id may be still to come
    const best = book.best();
    const quote = {bid: e8(latest.b), bid_qty: e8(latest.B), ask: e8(latest.a), ask_qty: e8(latest.A)};
    assert.ok(best.bid < best.ask, `crossed at ${event.u}`);
    assert.deepEqual(best, quote, `book at ${event.u}, quote ${latest.u}`);
    compared++;
  }
  return compared;
}
