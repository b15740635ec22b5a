// ccxt's Binance clients, pointed at the built-in exchange by configuration alone.
import ccxt from 'ccxt';
import {exchange} from './checks.mjs';

// Every address the client knows, with our host in place of the venue's; the path stays.
function moved(urls, base) {
  if (typeof urls === 'string') return base + urls.replace(/^[a-z]+:\/\/[^/]+/, '');
  return Object.fromEntries(Object.entries(urls).map(([key, value]) => [key, moved(value, base)]));
}

function configure(client) {
  const {ws, ...rest} = client.urls.api;
  client.urls.api = moved(rest, exchange.rest);
  if (ws !== undefined) {
    client.urls.api.ws = moved(ws, exchange.stream);
    // It tells spot from futures by "/stream" in the address, which at the venue is in the host's name. Here it
    // becomes a stream name that nothing is published to, as is the "/0" that ccxt appends by itself.
    client.urls.api.ws.spot = `${exchange.stream}/ws/stream`;
  }
  return client;
}

const credentials = {apiKey: exchange.api_key, secret: exchange.api_secret, enableRateLimit: false};

export const spot_rest = () => configure(new ccxt.binance(credentials));
export const usdm_rest = () => configure(new ccxt.binanceusdm(credentials));
export const spot_pro = () => configure(new ccxt.pro.binance(credentials));
export const usdm_pro = () => configure(new ccxt.pro.binanceusdm(credentials));
export {ccxt};
