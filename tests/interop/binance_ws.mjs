// The package `binance`, WebSocket: a local book against the best quote, trades, user events, the WebSocket API.
import assert from 'node:assert/strict';
import {generateKeyPairSync} from 'node:crypto';
import {MainClient, USDMClient, WebsocketAPIClient, WebsocketClient, WS_KEY_MAP} from 'binance';
import {check, e16_product, e8, e8_sum, exchange, finish, sleep, truth, until} from './checks.mjs';
import {LocalBook, compare_with_quotes} from './local_book.mjs';

const SYMBOL = 'BTCUSDT';
const keys = {api_key: exchange.api_key, api_secret: exchange.api_secret};
const rest_options = {...keys, baseUrl: exchange.rest, beautifyResponses: false, disableTimeSync: true};
const ws_options = {...keys, wsUrl: exchange.stream, beautify: false, restOptions: {baseUrl: exchange.rest}};
const quiet = {trace() {}, info() {}, error() {}};
const spot = new MainClient(rest_options), usdm = new USDMClient(rest_options);
const opened = [];

// Every message, in order, by its event type; what the client complains about is kept too.
function listen(client) {
  const heard = {client, all: [], errors: []};
  client.on('message', (message) => heard.all.push(message.data ?? message));
  client.on('exception', (error) => heard.errors.push(error));
  heard.of = (type) => heard.all.filter((message) => message.e === type);
  opened.push(client);
  return heard;
}

async function follow(rest, streams, is_usdm) {
  const heard = listen(new WebsocketClient(ws_options, quiet));
  for (const [name, key] of streams) heard.client.subscribe(name, key);
  await until('events of every stream', () => heard.of('depthUpdate').length > 2 && heard.of('bookTicker').length > 2);
  const snapshot = await rest.getOrderBook({symbol: SYMBOL, limit: is_usdm ? 1000 : 5000});
  await until('50 depth events', () => heard.of('depthUpdate').filter((event) => event.u > snapshot.lastUpdateId).length >= 50, 20000);
  return {heard, snapshot};
}

await check('binance spot: snapshot and diffs make the book of the best quotes, and the true book', async () => {
  const {heard, snapshot} = await follow(spot, [['btcusdt@depth@100ms', 'main'], ['btcusdt@bookTicker', 'main']], false);
  const book = new LocalBook(snapshot, false);
  const compared = compare_with_quotes(book, heard.of('depthUpdate'), heard.of('bookTicker'));
  assert.ok(compared >= 40, `only ${compared} compared of ${book.applied}`);
  book.assert_is(await truth(SYMBOL, book.id, false));
  assert.deepEqual(heard.errors, []);
});

await check('binance USD-M: snapshot and diffs make the book of the best quotes', async () => {
  const {heard, snapshot} = await follow(usdm, [['btcusdt@depth@100ms', 'usdmPublic'], ['btcusdt@bookTicker', 'usdmPublic']], true);
  const book = new LocalBook(snapshot, true);
  const compared = compare_with_quotes(book, heard.of('depthUpdate'), heard.of('bookTicker'));
  assert.ok(compared >= 40, `only ${compared} compared of ${book.applied}`);
  assert.deepEqual(heard.errors, []);
});

await check('binance spot: the trade stream is what REST says later', async () => {
  const heard = listen(new WebsocketClient(ws_options, quiet));
  heard.client.subscribe(['btcusdt@trade', 'btcusdt@aggTrade', 'btcusdt@kline_1m'], 'main');
  await until('200 trades', () => heard.of('trade').length >= 200 && heard.of('kline').length > 0);
  const told = heard.of('trade').slice(0, 200);
  const asked = await spot.getHistoricalTrades({symbol: SYMBOL, fromId: told[0].t, limit: 200});
  for (let i = 0; i < 200; i++)
    assert.deepEqual([told[i].t, told[i].p, told[i].q, told[i].T, told[i].m],
                     [asked[i].id, asked[i].price, asked[i].qty, asked[i].time, asked[i].isBuyerMaker]);
  const groups = heard.of('aggTrade');
  for (let i = 1; i < groups.length; i++) assert.deepEqual([groups[i].a, groups[i].f], [groups[i - 1].a + 1, groups[i - 1].l + 1]);
});

await check('binance USD-M: the trades come in /market, in order', async () => {
  const heard = listen(new WebsocketClient(ws_options, quiet));
  heard.client.subscribe(['btcusdt@aggTrade', 'btcusdt@markPrice@1s'], 'usdmMarket');
  await until('50 trades', () => heard.of('aggTrade').length >= 50 && heard.of('markPriceUpdate').length > 0);
  const groups = heard.of('aggTrade');
  for (let i = 1; i < groups.length; i++) assert.deepEqual([groups[i].a, groups[i].f], [groups[i - 1].a + 1, groups[i - 1].l + 1]);
});

// One resting order that is cancelled, one market order; what the account must have been told.
async function spot_orders(heard, place, cancel) {
  const quote = await spot.getSymbolOrderBookTicker({symbol: SYMBOL});
  const price = (Math.round(Number(quote.bidPrice) * 9.5) / 10).toFixed(1);
  const common = {symbol: SYMBOL, side: 'BUY', quantity: '0.2', newOrderRespType: 'FULL'};
  const resting = await place({...common, type: 'LIMIT', timeInForce: 'GTC', price});
  await cancel({symbol: SYMBOL, orderId: resting.orderId});
  const market = await place({...common, type: 'MARKET'});
  const reports = (id) => heard.of('executionReport').filter((event) => event.i === id);
  await until('FILLED', () => reports(market.orderId).some((event) => event.X === 'FILLED'));
  await until('the balance', () => heard.of('outboundAccountPosition').length >= 3);
  assert.deepEqual(reports(resting.orderId).map((event) => [event.x, event.X]), [['NEW', 'NEW'], ['CANCELED', 'CANCELED']]);
  const [created, ...fills] = reports(market.orderId);
  assert.deepEqual([created.x, created.X, created.c], ['NEW', 'NEW', market.clientOrderId]);
  let filled = 0n, quote_filled = 0n;
  fills.forEach((fill, i) => {
    filled += e8(fill.l);
    quote_filled += e8(fill.Y);
    assert.deepEqual([fill.x, fill.X], ['TRADE', i === fills.length - 1 ? 'FILLED' : 'PARTIALLY_FILLED']);
    assert.deepEqual([e8(fill.z), e8(fill.Z)], [filled, quote_filled]);
    assert.equal(e16_product(fill.L, fill.l), e8(fill.Y) * 100000000n);
    assert.equal(fill.t, market.fills[i].tradeId);
  });
  assert.equal(filled, e8('0.2'));
  const {balances} = await spot.getAccountInformation();
  const told = heard.of('outboundAccountPosition').at(-1).B;
  for (const one of told) assert.equal(e8(one.f), e8(balances.find((row) => row.asset === one.a).free), one.a);
}

async function api_client(options) {
  const client = new WebsocketAPIClient({...ws_options, ...options, attachEventListeners: false, muteLatencyWarning: true}, quiet);
  const heard = listen(client.getWSClient());
  await client.subscribeUserDataStream(WS_KEY_MAP.mainWSAPI);
  return {client, heard};
}

await check('binance spot: user events after userDataStream.subscribe.signature, orders by REST', async () => {
  const {heard} = await api_client({});
  await spot_orders(heard, (order) => spot.submitNewOrder(order), (order) => spot.cancelOrder(order));
  assert.deepEqual(heard.errors, []);
});

await check('binance spot: session.logon with Ed25519, orders and events over the WebSocket API', async () => {
  const pair = generateKeyPairSync('ed25519');
  const answer = await fetch(`${exchange.rest}/sim/key`, {method: 'POST', body: pair.publicKey.export({type: 'spki', format: 'pem'})});
  const {api_key} = await answer.json();
  const {client, heard} = await api_client({api_key, api_secret: pair.privateKey.export({type: 'pkcs8', format: 'pem'})});
  const ask = async (answer) => (await answer).result;
  await spot_orders(heard, (order) => ask(client.submitNewSpotOrder({...order, timestamp: Date.now(), newClientOrderId: spot.generateNewOrderId()})),
                    (order) => ask(client.cancelSpotOrder({...order, timestamp: Date.now()})));
  const book = await ask(client.getSpotOrderBook({symbol: SYMBOL, limit: 10}));
  assert.equal(book.bids.length, 10);
  const tickers = await ask(client.getSpotSymbolPriceTicker({symbols: [SYMBOL, 'ETHUSDT']}));
  assert.equal(tickers.length, 2);
  await assert.rejects(client.getSpotOrderBook({symbol: 'NOPEUSDT'}), (error) => error.status === 400 && error.error.code === -1121);
});

await check('binance USD-M: user events of a listen key: NEW, TRADE, the position and the wallet', async () => {
  const heard = listen(new WebsocketClient(ws_options, quiet));
  await heard.client.subscribeUsdFuturesUserDataStream();
  await sleep(300);
  const send = (order) => usdm.submitNewOrder({symbol: SYMBOL, type: 'MARKET', quantity: '0.030', newOrderRespType: 'RESULT', ...order});
  const open = await send({side: 'BUY'}), close = await send({side: 'SELL', reduceOnly: 'true'});
  const updates = (id) => heard.of('ORDER_TRADE_UPDATE').map((event) => event.o).filter((order) => order.i === id);
  await until('both fills', () => [open, close].every((order) => updates(order.orderId).some((one) => one.X === 'FILLED')));
  for (const order of [open, close]) {
    const [created, ...fills] = updates(order.orderId);
    assert.deepEqual([created.x, created.X], ['NEW', 'NEW']);
    assert.ok(fills.every((fill) => fill.x === 'TRADE'));
    assert.equal(e8_sum(fills.map((fill) => fill.l)), e8('0.03'));
    assert.equal(e8(fills.at(-1).ap), e8(order.avgPrice));
  }
  const amounts = heard.of('ACCOUNT_UPDATE').flatMap((event) => event.a.P).map((position) => Number(position.pa));
  assert.equal(Math.max(...amounts), 0.03);
  assert.equal(amounts.at(-1), 0);
  const wallet = heard.of('ACCOUNT_UPDATE').at(-1).a.B.find((one) => one.a === 'USDT').wb;
  assert.equal(e8(wallet), e8((await usdm.getBalanceV3()).find((one) => one.asset === 'USDT').balance));
  assert.deepEqual(heard.errors, []);
});

for (const client of opened) client.closeAll(true);
finish();
