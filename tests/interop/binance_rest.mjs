// The package `binance`, REST: spot (MainClient) and USD-M (USDMClient).
import assert from 'node:assert/strict';
import {MainClient, USDMClient} from 'binance';
import {assert_book, assert_same_levels, check, e16_product, e8, e8_sum, exchange, finish, truth} from './checks.mjs';

const options = {api_key: exchange.api_key, api_secret: exchange.api_secret, baseUrl: exchange.rest,
                 beautifyResponses: false, disableTimeSync: true};
const spot = new MainClient(options), usdm = new USDMClient(options);
const SYMBOL = 'BTCUSDT';

// The client throws what the exchange answered.
async function refused(code, run) {
  try {
    await run();
  } catch (error) {
    assert.equal(error.code, code, JSON.stringify(error));
    return;
  }
  assert.fail(`not refused with ${code}`);
}

// A price 3 % below the market.
const far_bid = async (client) => {
  const quote = await client.getSymbolOrderBookTicker({symbol: SYMBOL});
  return (Math.round(Number((Array.isArray(quote) ? quote[0] : quote).bidPrice) * 9.7) / 10).toFixed(1);
};

await check('binance spot: connectivity, time, exchangeInfo', async () => {
  await spot.testConnectivity();
  const info = await spot.getExchangeInfo(); // its getServerTime() goes to the venue, whatever the base URL
  assert.ok(Math.abs(info.serverTime - Date.now()) < 2000);
  assert.deepEqual(info.symbols.map((one) => one.symbol).sort(), ['BTCUSDT', 'ETHUSDT']);
  const filters = info.symbols.find((one) => one.symbol === SYMBOL).filters;
  assert.equal(e8(filters.find((one) => one.filterType === 'PRICE_FILTER').tickSize), e8('0.01'));
  assert.equal(info.rateLimits.find((one) => one.rateLimitType === 'REQUEST_WEIGHT').limit, 6000);
});

await check('binance spot: getOrderBook of every depth is the true book', async () => {
  for (const limit of [5, 100, 500, 5000]) {
    const book = await spot.getOrderBook({symbol: SYMBOL, limit});
    assert_book(book);
    assert.ok(book.bids.length <= limit);
    assert_same_levels(book, await truth(SYMBOL, book.lastUpdateId, false), book.bids.length, `limit ${limit}`);
  }
});

await check('binance spot: aggregate trades are made of the trades they name', async () => {
  const groups = await spot.getAggregateTrades({symbol: SYMBOL, limit: 50});
  const first = groups[0].f, last = groups.at(-1).l;
  const trades = await spot.getHistoricalTrades({symbol: SYMBOL, fromId: first, limit: 1000});
  for (const group of groups.filter((one) => one.l <= trades.at(-1).id)) {
    const inside = trades.filter((trade) => trade.id >= group.f && trade.id <= group.l);
    assert.equal(inside.length, group.l - group.f + 1);
    assert.equal(e8_sum(inside.map((trade) => trade.qty)), e8(group.q));
    assert.ok(inside.every((trade) => e8(trade.price) === e8(group.p) && trade.isBuyerMaker === group.m));
  }
  assert.ok(last >= first);
});

await check('binance spot: 24 h ticker, average price, klines, all book tickers', async () => {
  const ticker = await spot.get24hrChangeStatistics({symbol: SYMBOL});
  assert.equal(ticker.lastId - ticker.firstId + 1, ticker.count);
  assert.equal(e8(ticker.lastPrice) - e8(ticker.openPrice), e8(ticker.priceChange));
  assert.ok(e8((await spot.getAvgPrice({symbol: SYMBOL})).price) > 0n);
  const klines = await spot.getKlines({symbol: SYMBOL, interval: '1m', limit: 5});
  for (const kline of klines) assert.ok(e8(kline[2]) >= e8(kline[3]) && kline[6] === kline[0] + 59999);
  assert.equal((await spot.getSymbolOrderBookTicker()).length, 2);
});

await check('binance spot: order, query, open orders, cancel; the money comes back', async () => {
  const money = async () => (await spot.getAccountInformation()).balances.find((one) => one.asset === 'USDT');
  const before = await money(), price = await far_bid(spot);
  const newClientOrderId = spot.generateNewOrderId();
  const order = await spot.submitNewOrder({symbol: SYMBOL, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC',
    quantity: '0.01000', price, newClientOrderId, newOrderRespType: 'FULL'});
  assert.deepEqual([order.status, order.clientOrderId, order.fills], ['NEW', newClientOrderId, []]);
  const held = await money();
  assert.equal(e8(held.locked) - e8(before.locked), e16_product('0.01', price) / 100000000n);
  assert.equal((await spot.getOrder({symbol: SYMBOL, origClientOrderId: newClientOrderId})).orderId, order.orderId);
  assert.ok((await spot.getOpenOrders({symbol: SYMBOL})).some((one) => one.orderId === order.orderId));
  assert.equal((await spot.cancelOrder({symbol: SYMBOL, orderId: order.orderId})).status, 'CANCELED');
  assert.deepEqual(await money(), before);
});

await check('binance spot: a market order sells; fills, trades and balances add up', async () => {
  const money = async (asset) => e8((await spot.getAccountInformation()).balances.find((one) => one.asset === asset).free);
  const before = [await money('BTC'), await money('USDT')];
  const order = await spot.submitNewOrder({symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: '0.3', newOrderRespType: 'FULL'});
  assert.equal(order.status, 'FILLED');
  assert.equal(e8_sum(order.fills.map((fill) => fill.qty)), e8('0.3'));
  const quote = order.fills.reduce((sum, fill) => sum + e16_product(fill.price, fill.qty), 0n);
  assert.equal(quote, e8(order.cummulativeQuoteQty) * 100000000n);
  const fees = e8_sum(order.fills.map((fill) => fill.commission));
  const trades = await spot.getAccountTradeList({symbol: SYMBOL, orderId: order.orderId});
  assert.deepEqual(trades.map((trade) => trade.id), order.fills.map((fill) => fill.tradeId));
  assert.equal(await money('BTC'), before[0] - e8('0.3'));
  assert.equal(await money('USDT'), before[1] + e8(order.cummulativeQuoteQty) - fees);
});

await check('binance spot: OCO: cancelling one leg ends both', async () => {
  const price = Number(await far_bid(spot));
  const oco = await spot.submitNewOCO({symbol: SYMBOL, side: 'SELL', quantity: '0.01', price: (price * 1.2).toFixed(1),
    stopPrice: (price * 0.9).toFixed(1)});
  assert.equal(oco.orders.length, 2);
  assert.equal((await spot.getAllOpenOCO()).length, 1);
  await spot.cancelOrder({symbol: SYMBOL, orderId: oco.orders[0].orderId});
  for (const {orderId} of oco.orders) assert.equal((await spot.getOrder({symbol: SYMBOL, orderId})).status, 'CANCELED');
  assert.equal((await spot.getOCO({orderListId: oco.orderListId})).listOrderStatus, 'ALL_DONE');
});

await check('binance spot: refusals carry the codes of the venue', async () => {
  const price = await far_bid(spot), order = {symbol: SYMBOL, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price};
  await refused(-1121, () => spot.getOrderBook({symbol: 'NOPEUSDT'}));
  await refused(-1013, () => spot.submitNewOrder({...order, price: `${price}01`}));
  await refused(-1013, () => spot.submitNewOrder({...order, quantity: '0.00001'}));
  await refused(-2010, () => spot.submitNewOrder({...order, side: 'SELL', quantity: '120', price: (Number(price) * 1.1).toFixed(1)}));
  await refused(-2011, () => spot.cancelOrder({symbol: SYMBOL, orderId: 1}));
  await refused(-2013, () => spot.getOrder({symbol: SYMBOL, orderId: 1}));
  await refused(-1102, () => spot.submitNewOrder({symbol: SYMBOL, side: 'BUY', type: 'LIMIT', quantity: '0.01', price}));
});

await check('binance spot: a wrong secret is refused with -1022', async () => {
  const wrong = new MainClient({...options, api_secret: 'x'.repeat(64)});
  await refused(-1022, () => wrong.getAccountInformation());
});

await check('binance USD-M: time, exchangeInfo, order book, mark price', async () => {
  const info = await usdm.getExchangeInfo();
  assert.ok(Math.abs(info.serverTime - Date.now()) < 2000);
  assert.equal(info.symbols.find((one) => one.symbol === SYMBOL).contractType, 'PERPETUAL');
  const book = await usdm.getOrderBook({symbol: SYMBOL, limit: 1000});
  assert_book(book);
  assert_same_levels(book, await truth(SYMBOL, book.lastUpdateId, true), 1000, 'book');
  const mark = await usdm.getMarkPrice({symbol: SYMBOL});
  assert.ok(Math.abs(Number(mark.markPrice) / Number(book.bids[0][0]) - 1) < 0.01);
});

await check('binance USD-M: a position opens and closes, wallet moves by profit and fees', async () => {
  const position = async () => Number((await usdm.getPositionsV3({symbol: SYMBOL}))[0]?.positionAmt ?? 0);
  const wallet = async () => e8((await usdm.getBalanceV3()).find((one) => one.asset === 'USDT').balance);
  assert.equal(await position(), 0);
  const before = await wallet();
  const open = await usdm.submitNewOrder({symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: '0.040', newOrderRespType: 'RESULT'});
  assert.deepEqual([open.status, Number(open.executedQty)], ['FILLED', 0.04]);
  assert.equal(await position(), -0.04);
  const close = await usdm.submitNewOrder({symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: '0.040', reduceOnly: 'true', newOrderRespType: 'RESULT'});
  assert.equal(close.status, 'FILLED');
  assert.equal(await position(), 0);
  const trades = [];
  for (const {orderId} of [open, close]) trades.push(...await usdm.getAccountTrades({symbol: SYMBOL, orderId}));
  const profit = e8_sum(trades.map((trade) => trade.realizedPnl)), fees = e8_sum(trades.map((trade) => trade.commission));
  assert.equal(profit, e8(open.cumQuote) - e8(close.cumQuote));
  assert.equal(await wallet(), before + profit - fees);
});

await check('binance USD-M: order, query, modify, cancel, leverage, brackets', async () => {
  const price = await far_bid(usdm);
  const order = await usdm.submitNewOrder({symbol: SYMBOL, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price});
  assert.equal((await usdm.getOrder({symbol: SYMBOL, orderId: order.orderId})).status, 'NEW');
  const changed = await usdm.modifyOrder({symbol: SYMBOL, orderId: order.orderId, side: 'BUY', quantity: '0.020', price});
  assert.equal(Number(changed.origQty), 0.02);
  assert.equal((await usdm.cancelOrder({symbol: SYMBOL, orderId: order.orderId})).status, 'CANCELED');
  assert.equal((await usdm.setLeverage({symbol: SYMBOL, leverage: 7})).leverage, 7);
  const brackets = await usdm.getNotionalAndLeverageBrackets();
  assert.ok(brackets.find((one) => one.symbol === SYMBOL).brackets[0].initialLeverage >= 7);
  await refused(-2011, () => usdm.cancelOrder({symbol: SYMBOL, orderId: order.orderId}));
});

finish();
