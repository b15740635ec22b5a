// ccxt, REST, spot: market data, orders, errors.
import assert from 'node:assert/strict';
import {
  DAY_MS, assert_book, assert_same_levels, check, e16_product, e8, e8_sum, finish, throws, truth, until,
} from './checks.mjs';
import {ccxt, spot_rest} from './ccxt_setup.mjs';

const PAIR = 'BTC/USDT';
const client = spot_rest();

async function free_and_used(asset) {
  const balance = await client.fetchBalance();
  const row = balance.info.balances.find((one) => one.asset === asset);
  return {free: e8(row.free), used: e8(row.locked)};
}

// A price that rests far below the market, on the tick.
async function far_bid() {
  const ticker = await client.fetchTicker(PAIR);
  return Number(client.priceToPrecision(PAIR, ticker.bid * 0.8));
}

await check('ccxt spot: loadMarkets has both pairs with their steps', async () => {
  await client.loadMarkets();
  const market = client.market(PAIR);
  assert.equal(market.precision.price, 0.01);
  assert.equal(market.precision.amount, 0.00001);
  assert.equal(market.limits.cost.min, 5);
  assert.equal(market.active, true);
  assert.ok(client.market('ETH/USDT').spot);
});

await check('ccxt spot: fetchTime is the wall clock', async () => {
  assert.ok(Math.abs((await client.fetchTime()) - Date.now()) < 2000);
});

await check('ccxt spot: fetchStatus, fetchCurrencies', async () => {
  assert.equal((await client.fetchStatus()).status, 'ok');
  const currencies = await client.fetchCurrencies();
  assert.ok(currencies.BTC && currencies.USDT);
});

await check('ccxt spot: fetchOrderBook is sorted, not crossed, and is the true book at its update id', async () => {
  const book = await client.fetchOrderBook(PAIR, 1000);
  assert_book(book);
  assert_same_levels(book, await truth('BTCUSDT', book.nonce, false), 1000, 'book');
});

await check('ccxt spot: fetchTrades has consecutive ids in order of time', async () => {
  let trades;
  await until('500 trades', async () => {
    trades = await client.fetchTrades(PAIR, undefined, 500, {fetchTradesMethod: 'publicGetTrades'});
    return trades.length === 500;
  });
  for (let i = 1; i < trades.length; i++) {
    assert.equal(BigInt(trades[i].id), BigInt(trades[i - 1].id) + 1n);
    assert.ok(trades[i].timestamp >= trades[i - 1].timestamp);
  }
  for (const {info} of trades) assert.equal(e16_product(info.price, info.qty), e8(info.quoteQty) * 100000000n);
});

await check('ccxt spot: fetchOHLCV of a second is what the trades of that second were', async () => {
  let trades, first, last;
  await until('a whole second of trades', async () => {
    trades = await client.fetchTrades(PAIR, undefined, 1000, {fetchTradesMethod: 'publicGetTrades'});
    first = Math.floor(trades[0].timestamp / 1000) * 1000 + 1000;
    last = Math.floor(trades.at(-1).timestamp / 1000) * 1000;
    return last > first;
  });
  const rows = await client.fetchOHLCV(PAIR, '1s', first, (last - first) / 1000);
  assert.equal(rows.length, (last - first) / 1000);
  for (const [open_ms, open, high, low, close, volume] of rows) {
    const inside = trades.filter((trade) => trade.timestamp >= open_ms && trade.timestamp < open_ms + 1000);
    if (inside.length === 0) {
      assert.equal(volume, 0);
      continue;
    }
    const prices = inside.map((trade) => trade.price);
    assert.deepEqual([open, high, low, close], [prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1)]);
    assert.equal(e8(volume), e8_sum(inside.map((trade) => trade.info.qty)));
  }
});

await check('ccxt spot: fetchOHLCV 1m: minutes without a hole', async () => {
  const rows = await client.fetchOHLCV(PAIR, '1m', undefined, 100);
  assert.ok((await client.fetchTime()) - rows.at(-1)[0] < 61000); // how many there are depends on when the exchange began
  rows.forEach(([open_ms, open, high, low, close, volume], i) => {
    assert.equal(open_ms % 60000, 0);
    if (i > 0) assert.equal(open_ms, rows[i - 1][0] + 60000);
    assert.ok(high >= Math.max(open, close) && low <= Math.min(open, close) && volume > 0);
  });
});

await check('ccxt spot: fetchTicker, fetchTickers, fetchBidsAsks', async () => {
  const ticker = await client.fetchTicker(PAIR);
  assert.ok(ticker.bid < ticker.ask && ticker.low <= ticker.last && ticker.last <= ticker.high);
  const window_ms = Number(ticker.info.closeTime) - Number(ticker.info.openTime);
  assert.ok(window_ms >= DAY_MS && window_ms < DAY_MS + 60000); // it opens on a minute
  const tickers = await client.fetchTickers([PAIR, 'ETH/USDT']);
  assert.deepEqual(Object.keys(tickers).sort(), [PAIR, 'ETH/USDT']);
  const quotes = await client.fetchBidsAsks([PAIR, 'ETH/USDT']);
  assert.ok(quotes['ETH/USDT'].bid < quotes['ETH/USDT'].ask);
});

await check('ccxt spot: fetchBalance adds up', async () => {
  const balance = await client.fetchBalance();
  assert.ok(balance.USDT.free > 0);
  assert.equal(balance.USDT.total, balance.USDT.free + balance.USDT.used);
});

await check('ccxt spot: a limit order rests, holds money, is found, and gives the money back when cancelled', async () => {
  const before = await free_and_used('USDT'), price = await far_bid();
  const order = await client.createOrder(PAIR, 'limit', 'buy', 0.01, price);
  assert.deepEqual([order.status, order.filled, order.remaining, order.price], ['open', 0, 0.01, price]);
  const held = await free_and_used('USDT');
  assert.equal(held.used - before.used, (e8(0.01) * e8(price)) / 100000000n);
  assert.equal(held.free + held.used, before.free + before.used);
  const found = await client.fetchOrder(order.id, PAIR);
  assert.deepEqual([found.id, found.status, found.side, found.amount], [order.id, 'open', 'buy', 0.01]);
  assert.equal(found.clientOrderId, order.clientOrderId);
  assert.ok((await client.fetchOpenOrders(PAIR)).some((one) => one.id === order.id));
  assert.equal((await client.cancelOrder(order.id, PAIR)).status, 'canceled');
  assert.ok(!(await client.fetchOpenOrders(PAIR)).some((one) => one.id === order.id));
  assert.equal((await client.fetchOrder(order.id, PAIR)).status, 'canceled');
  assert.deepEqual(await free_and_used('USDT'), before);
});

await check('ccxt spot: a market order fills; order, fills and balances agree', async () => {
  const base = await free_and_used('BTC'), quote = await free_and_used('USDT');
  const order = await client.createOrder(PAIR, 'market', 'buy', 0.25);
  assert.deepEqual([order.status, order.filled, order.remaining], ['closed', 0.25, 0]);
  const trades = await client.fetchMyTrades(PAIR, undefined, undefined, {orderId: order.id});
  const cost = e8_sum(trades.map((trade) => trade.info.quoteQty));
  const fees = e8_sum(trades.filter((trade) => trade.fee.currency === 'BTC').map((trade) => trade.info.commission));
  assert.equal(e8_sum(trades.map((trade) => trade.info.qty)), e8('0.25'));
  assert.equal(cost, e8(order.info.cummulativeQuoteQty));
  assert.equal(order.info.fills.length, trades.length);
  assert.ok(trades.every((trade) => trade.takerOrMaker === 'taker' && trade.side === 'buy'));
  assert.equal((await free_and_used('USDT')).free, quote.free - cost);
  assert.equal((await free_and_used('BTC')).free, base.free + e8('0.25') - fees);
});

await check('ccxt spot: a market order by cost spends that much', async () => {
  const order = await client.createMarketBuyOrderWithCost(PAIR, 100);
  assert.equal(order.status, 'closed');
  assert.ok(order.cost <= 100 && order.cost > 99);
});

await check('ccxt spot: editOrder replaces, cancelAllOrders empties', async () => {
  const price = await far_bid();
  const order = await client.createOrder(PAIR, 'limit', 'buy', 0.01, price);
  const edited = await client.editOrder(order.id, PAIR, 'limit', 'buy', 0.02, price);
  assert.deepEqual([edited.status, edited.amount], ['open', 0.02]);
  assert.notEqual(edited.id, order.id);
  assert.equal((await client.fetchOrder(order.id, PAIR)).status, 'canceled');
  await client.createOrder(PAIR, 'limit', 'buy', 0.03, price, {postOnly: true});
  await client.createOrder(PAIR, 'limit', 'buy', 0.01, price, {triggerPrice: price * 1.5});
  assert.equal((await client.fetchOpenOrders(PAIR)).length, 3);
  await client.cancelAllOrders(PAIR);
  assert.equal((await client.fetchOpenOrders(PAIR)).length, 0);
  const all = await client.fetchOrders(PAIR);
  assert.ok(all.filter((one) => one.status === 'canceled').length >= 4);
});

await check('ccxt spot: errors are the classes ccxt has for them', async () => {
  const price = await far_bid(), owned = (await client.fetchBalance()).BTC.free;
  await throws(ccxt.InsufficientFunds, () => client.createOrder(PAIR, 'limit', 'sell', Math.ceil(owned) + 1, Number(client.priceToPrecision(PAIR, price * 1.3))));
  await throws(ccxt.BadSymbol, () => client.fetchOrderBook('NOPE/USDT'));
  await throws(ccxt.BadSymbol, () => client.publicGetDepth({symbol: 'NOPEUSDT'}));
  await throws(ccxt.OrderNotFound, () => client.fetchOrder('1', PAIR));
  await throws(ccxt.OrderNotFound, () => client.cancelOrder('1', PAIR));
  await throws(ccxt.OrderImmediatelyFillable,
               () => client.createOrder(PAIR, 'limit', 'buy', 0.01, Number(client.priceToPrecision(PAIR, price * 1.5)), {postOnly: true}));
  await throws(ccxt.InvalidOrder, () => client.privatePostOrder({symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT',
    timeInForce: 'GTC', quantity: '0.01', price: '50000.001'}));
});

await check('ccxt spot: a wrong secret and an unknown key are refused', async () => {
  const wrong = spot_rest(), unknown = spot_rest();
  wrong.secret = 'x'.repeat(64);
  unknown.apiKey = 'x'.repeat(64);
  await throws(ccxt.AuthenticationError, () => wrong.privateGetAccount());
  await throws(ccxt.AuthenticationError, () => unknown.privateGetAccount());
});

finish();
