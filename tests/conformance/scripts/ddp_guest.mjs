// Somebody who uses the official DDP client of Rocket.Chat.
import { DDPSDK } from '@rocket.chat/ddp-client';
import WebSocket from 'ws';

import { ask, Ear, expect, refusal, within } from './cases.mjs';

globalThis.WebSocket = WebSocket; // the client takes the global one, which Node has by itself only from version 22

export const kindOf = (date) => Object.keys(date ?? {});

export async function connect(end, retry = { retryCount: 3, retryTime: 50 }) {
    const sdk = await DDPSDK.createAndConnect(await ask('address'), retry);
    end(() => sdk.connection.close());
    return sdk;
}

/** Somebody who is logged in. */
export async function enter(end, who = 'admin') {
    const sdk = await connect(end);
    const { userId, token } = await ask('login', { who });
    await sdk.account.loginWithToken(token);
    return { sdk, userId };
}

/** Subscribe to an event of a stream, and hear it. */
export async function hear(sdk, stream, event) {
    const ear = new Ear();
    const subscription = sdk.stream(stream, event, (...args) => ear.hear('event', args));
    await within(3_000, subscription.ready(), `${stream} ${event}`);
    return Object.assign(ear, { stop: subscription.stop });
}

export const refusedStream = async (sdk, stream, event) => refusal(sdk.stream(stream, event, () => {}).ready());

/** A document with its dates as REST writes them, for which the vendor's schemas are made. */
function plain(value) {
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    if ('$date' in value) return new Date(value.$date).toISOString();
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

export async function expectDocument(schema, document) {
    expect(await ask('problems', { schema, document: plain(document) }), [], `what the schema ${schema} finds wrong`);
}
