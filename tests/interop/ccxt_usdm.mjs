// ccxt, REST, USD-M: market data, orders, position.
import assert from 'node:assert/strict';
import {assert_book, assert_same_levels, check, e8, e8_sum, finish, throws, truth} from './checks.mjs';
import {ccxt, usdm_rest} from './ccxt_setup.mjs';

const PAIR = 'BTC/USDT:USDT';
const client = usdm_rest();

const position_of = async () => (await client.fetchPositions([PAIR])).find((one) => one.contracts > 0);

await check('ccxt USD-M: loadMarkets has the perpetuals', async () => {
  await client.loadMarkets();
  const market = client.market(PAIR);
  assert.deepEqual([market.swap, market.linear, market.contractSize, market.active], [true, true, 1, true]);
  assert.deepEqual([market.precision.price, market.precision.amount, market.limits.cost.min], [0.1, 0.001, 100]);
});

await check('ccxt USD-M: fetchTime is the wall clock', async () => {
  assert.ok(Math.abs((await client.fetchTime()) - Date.now()) < 2000);
});

await check('ccxt USD-M: fetchOrderBook is the true book at its update id', async () => {
  const book = await client.fetchOrderBook(PAIR, 1000);
  assert_book(book);
  assert_same_levels(book, await truth('BTCUSDT', book.nonce, true), 1000, 'book');
});

await check('ccxt USD-M: fetchTrades, fetchOHLCV', async () => {
  const trades = await client.fetchTrades(PAIR, undefined, 500, {fetchTradesMethod: 'fapiPublicGetTrades'});
  for (let i = 1; i < trades.length; i++) assert.equal(BigInt(trades[i].id), BigInt(trades[i - 1].id) + 1n);
  const rows = await client.fetchOHLCV(PAIR, '1m', undefined, 50);
  assert.ok((await client.fetchTime()) - rows.at(-1)[0] < 61000);
  for (let i = 1; i < rows.length; i++) assert.equal(rows[i][0], rows[i - 1][0] + 60000);
});

await check('ccxt USD-M: fetchTicker, fetchBidsAsks, fetchMarkPrice, fetchFundingRate, fetchOpenInterest agree', async () => {
  const ticker = await client.fetchTicker(PAIR), quote = (await client.fetchBidsAsks([PAIR]))[PAIR];
  const mark = await client.fetchMarkPrice(PAIR), funding = await client.fetchFundingRate(PAIR);
  assert.ok(quote.bid < quote.ask);
  assert.ok(Math.abs(ticker.last / quote.bid - 1) < 0.01 && Math.abs(mark.markPrice / quote.bid - 1) < 0.01);
  assert.ok(funding.fundingTimestamp > Date.now() && Math.abs(funding.fundingRate) < 0.05);
  assert.ok((await client.fetchOpenInterest(PAIR)).openInterestAmount > 0);
});

await check('ccxt USD-M: setLeverage, fetchBalance', async () => {
  assert.equal(Number((await client.setLeverage(5, PAIR)).leverage), 5);
  const balance = await client.fetchBalance();
  assert.ok(balance.USDT.free > 0 && balance.USDT.total >= balance.USDT.free);
});

await check('ccxt USD-M: a limit order rests, is found and cancelled', async () => {
  const quote = (await client.fetchBidsAsks([PAIR]))[PAIR];
  const price = Number(client.priceToPrecision(PAIR, quote.bid * 0.97));
  const order = await client.createOrder(PAIR, 'limit', 'buy', 0.01, price);
  assert.deepEqual([order.status, order.filled, order.price], ['open', 0, price]);
  assert.equal((await client.fetchOrder(order.id, PAIR)).status, 'open');
  assert.ok((await client.fetchOpenOrders(PAIR)).some((one) => one.id === order.id));
  const edited = await client.editOrder(order.id, PAIR, 'limit', 'buy', 0.02, price);
  assert.deepEqual([edited.id, edited.amount], [order.id, 0.02]);
  assert.equal((await client.cancelOrder(order.id, PAIR)).status, 'canceled');
  assert.equal((await client.fetchOrder(order.id, PAIR)).status, 'canceled');
  await throws(ccxt.OrderNotFound, () => client.cancelOrder(order.id, PAIR));
});

await check('ccxt USD-M: a market order opens a position at its average price, reduceOnly closes it', async () => {
  assert.equal(await position_of(), undefined);
  const sent = await client.createOrder(PAIR, 'market', 'buy', 0.05, undefined, {newOrderRespType: 'RESULT'});
  const order = await client.fetchOrder(sent.id, PAIR);
  assert.deepEqual([order.status, order.filled], ['closed', 0.05]);
  const trades = await client.fetchMyTrades(PAIR, undefined, undefined, {orderId: order.id});
  assert.equal(e8_sum(trades.map((trade) => trade.info.qty)), e8('0.05'));
  const quote = e8_sum(trades.map((trade) => trade.info.quoteQty));
  assert.equal(quote, e8(order.info.cumQuote));
  const position = await position_of();
  assert.deepEqual([position.side, position.contracts], ['long', 0.05]);
  assert.ok(Math.abs(position.entryPrice - Number(quote) / 1e8 / 0.05) < 0.1);
  const expected = (position.markPrice - position.entryPrice) * 0.05;
  assert.ok(Math.abs(position.unrealizedPnl - expected) < 0.01, `${position.unrealizedPnl} for ${expected}`);
  const close = await client.createOrder(PAIR, 'market', 'sell', 0.05, undefined, {reduceOnly: true});
  assert.equal((await client.fetchOrder(close.id, PAIR)).status, 'closed');
  assert.equal(await position_of(), undefined);
});

await check('ccxt USD-M: errors are the classes ccxt has for them', async () => {
  const quote = (await client.fetchBidsAsks([PAIR]))[PAIR];
  const price = client.priceToPrecision(PAIR, quote.bid * 0.97);
  // ccxt knows what USD-M codes mean by the venue's host name; here the code itself has to do.
  const code_is = async (code, run) => assert.match((await throws(ccxt.ExchangeError, run)).message, new RegExp(`"code":${code},`));
  await code_is(-2019, () => client.createOrder(PAIR, 'limit', 'buy', 900, Number(price)));
  await throws(ccxt.BadSymbol, () => client.fapiPublicGetDepth({symbol: 'NOPEUSDT'}));
  await throws(ccxt.OrderNotFound, () => client.fetchOrder('1', PAIR));
  await code_is(-5022, () => client.createOrder(PAIR, 'limit', 'buy', 0.01, Math.round(quote.ask * 1.01), {timeInForce: 'GTX'}));
  await code_is(-2022, () => client.createOrder(PAIR, 'market', 'sell', 0.05, undefined, {reduceOnly: true}));
});

finish();
