// ccxt.pro: books, trades and user events over WebSocket, spot and USD-M.
import assert from 'node:assert/strict';
import {assert_book, assert_same_levels, check, finish, sleep, truth, until} from './checks.mjs';
import {spot_pro, usdm_pro} from './ccxt_setup.mjs';

const spot = spot_pro(), usdm = usdm_pro();
const SPOT = 'BTC/USDT', PERPETUAL = 'BTC/USDT:USDT';

// Calls watch() for ever and keeps all it gave, until the client is closed.
function collect(client, watch) {
  const seen = {items: [], error: null};
  (async () => {
    for (;;) {
      try {
        const value = await watch();
        seen.items.push(...structuredClone(Array.isArray(value) ? [...value] : [value])); // ccxt changes its own in place
      } catch (error) {
        if (!client.closing) seen.error = error;
        return;
      }
    }
  })();
  return seen;
}

// Copies of the book at 30 updates; each is in order, and those whose id the exchange still has are the true book.
async function follow_book(client, pair, symbol, is_usdm) {
  let compared = 0, last = 0;
  for (let i = 0; i < 30; i++) {
    const live = await client.watchOrderBook(pair, 500);
    const copy = (levels) => Array.from(levels).slice(0, 100).map(([price, quantity]) => [price, quantity]);
    const book = {bids: copy(live.bids), asks: copy(live.asks), nonce: live.nonce}; // ccxt changes its levels in place
    assert_book(book, `update ${i}`);
    assert.ok(book.nonce > last, `update id ${book.nonce} after ${last}`);
    last = book.nonce;
    const whole = await truth(symbol, book.nonce, is_usdm);
    if (whole === null) continue;
    assert_same_levels(book, whole, 100, `update ${i}, id ${book.nonce}`);
    compared++;
  }
  assert.ok(compared >= 20, `only ${compared} of 30 books could be compared`);
}

async function follow_trades(client, pair) {
  const seen = collect(client, () => client.watchTrades(pair));
  await until('100 trades', () => seen.items.length >= 100);
  const trades = seen.items;
  for (let i = 1; i < trades.length; i++) {
    assert.equal(BigInt(trades[i].id), BigInt(trades[i - 1].id) + 1n);
    assert.ok(trades[i].timestamp >= trades[i - 1].timestamp);
    assert.equal(trades[i].symbol, pair);
  }
  assert.equal(seen.error, null);
}

// Messages that come together are handed on as one, so the last state is asked of ccxt's own cache.
const order_now = (client, id) => client.orders?.find((order) => order.id === id)?.status;
const position_now = () => {
  const known = Array.from(usdm.positions?.future ?? []).filter((position) => position.symbol === PERPETUAL);
  return known.sort((a, b) => a.timestamp - b.timestamp).at(-1)?.contracts; // one for each side, and one for none
};
const states_of = (seen, id) => seen.items.filter((order) => order.id === id).map((order) => order.status);

await check('ccxt.pro spot: watchOrderBook stays the true book', () => follow_book(spot, SPOT, 'BTCUSDT', false));
await check('ccxt.pro spot: watchTrades gives consecutive trades', () => follow_trades(spot, SPOT));

await check('ccxt.pro spot: watchTicker, watchBidsAsks, watchOHLCV', async () => {
  const ticker = await spot.watchTicker(SPOT, {name: 'ticker'});
  assert.ok(ticker.bid < ticker.ask && ticker.low <= ticker.last && ticker.last <= ticker.high);
  const quotes = await spot.watchBidsAsks([SPOT]);
  assert.ok(quotes[SPOT].bid < quotes[SPOT].ask);
  const [[open_ms, open, high, low, close]] = await spot.watchOHLCV(SPOT, '1m');
  assert.equal(open_ms % 60000, 0);
  assert.ok(high >= Math.max(open, close) && low <= Math.min(open, close));
});

await check('ccxt.pro spot: watchOrders, watchMyTrades, watchBalance tell of a rest, a cancel and a fill', async () => {
  const orders = collect(spot, () => spot.watchOrders());
  const trades = collect(spot, () => spot.watchMyTrades());
  const balances = collect(spot, () => spot.watchBalance());
  await sleep(500); // for the subscription
  const ticker = await spot.fetchTicker(SPOT);
  const price = Number(spot.priceToPrecision(SPOT, ticker.bid * 0.8));
  const resting = await spot.createOrder(SPOT, 'limit', 'buy', 0.01, price);
  await spot.cancelOrder(resting.id, SPOT);
  const market = await spot.createOrder(SPOT, 'market', 'buy', 0.1);
  await until('the fill', () => order_now(spot, market.id) === 'closed');
  assert.deepEqual(states_of(orders, resting.id), ['open', 'canceled']);
  const fills_now = () => Array.from(spot.myTrades ?? []).filter((trade) => trade.order === market.id);
  await until('its trades', () => fills_now().length === market.trades.length);
  assert.deepEqual(fills_now().map((trade) => [trade.id, trade.price, trade.amount]),
                   market.trades.map((trade) => [trade.id, trade.price, trade.amount]));
  await until('the balance', async () => {
    const told = spot.balance.spot?.BTC?.free;
    return told !== undefined && told === (await spot.fetchBalance()).BTC.free;
  });
  assert.ok(trades.items.length > 0 && balances.items.length > 0);
  for (const seen of [orders, trades, balances]) assert.equal(seen.error, null);
});

await check('ccxt.pro spot: createOrderWs, fetchOrderWs, cancelOrderWs', async () => {
  const ticker = await spot.fetchTicker(SPOT);
  const price = Number(spot.priceToPrecision(SPOT, ticker.bid * 0.8));
  const order = await spot.createOrderWs(SPOT, 'limit', 'buy', 0.01, price);
  assert.equal(order.status, 'open');
  assert.equal((await spot.fetchOrderWs(order.id, SPOT)).id, order.id);
  assert.ok((await spot.fetchOpenOrdersWs(SPOT)).some((one) => one.id === order.id));
  assert.equal((await spot.cancelOrderWs(order.id, SPOT)).status, 'canceled');
  const {info} = await spot.fetchBalanceWs();
  assert.deepEqual(info.balances, (await spot.fetchBalance()).info.balances);
});

await check('ccxt.pro spot: the public calls of the WebSocket API', async () => {
  assert.ok((await spot.fetchTradesWs(SPOT, undefined, 10)).length === 10);
  assert.ok((await spot.fetchOHLCVWs(SPOT, '1m', undefined, 1)).length === 1);
});

await check('ccxt.pro USD-M: watchOrderBook stays the true book', () => follow_book(usdm, PERPETUAL, 'BTCUSDT', true));
await check('ccxt.pro USD-M: watchTrades gives consecutive trades', () => follow_trades(usdm, PERPETUAL));

await check('ccxt.pro USD-M: watchTicker, watchMarkPrice, watchBidsAsks, watchOHLCV', async () => {
  const ticker = await usdm.watchTicker(PERPETUAL), mark = await usdm.watchMarkPrice(PERPETUAL);
  assert.ok(Math.abs(ticker.last / mark.markPrice - 1) < 0.01);
  assert.ok((await usdm.watchBidsAsks([PERPETUAL]))[PERPETUAL].bid > 0);
  assert.equal((await usdm.watchOHLCV(PERPETUAL, '1m'))[0][0] % 60000, 0);
});

await check('ccxt.pro USD-M: watchOrders, watchPositions, watchBalance tell of a position opened and closed', async () => {
  const orders = collect(usdm, () => usdm.watchOrders());
  const positions = collect(usdm, () => usdm.watchPositions([PERPETUAL]));
  const balances = collect(usdm, () => usdm.watchBalance());
  await sleep(1000); // for the listen key and its connection
  const open = await usdm.createOrder(PERPETUAL, 'market', 'buy', 0.05);
  await until('the fill', () => order_now(usdm, open.id) === 'closed');
  await until('the position', () => position_now() === 0.05);
  assert.ok(positions.items.some((position) => position.side === 'long'));
  const close = await usdm.createOrder(PERPETUAL, 'market', 'sell', 0.05, undefined, {reduceOnly: true});
  await until('the second fill', () => order_now(usdm, close.id) === 'closed');
  await until('no position', () => position_now() === 0);
  await until('the balance', async () => {
    const rest = await usdm.fetchBalance();
    return usdm.balance.future?.USDT?.total === Number(rest.info.totalWalletBalance);
  });
  for (const seen of [orders, positions, balances]) assert.equal(seen.error, null);
});

for (const client of [spot, usdm]) {
  client.closing = true;
  await client.close().catch(() => {});
}
finish();
