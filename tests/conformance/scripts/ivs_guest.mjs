// Somebody who uses the official IVS Chat client.
import { ChatRoom, DeleteMessageRequest, DisconnectUserRequest, SendMessageRequest } from 'amazon-ivs-chat-messaging';
import WebSocket from 'ws';

import { ask, Ear } from './cases.mjs';

globalThis.WebSocket = WebSocket; // the SDK takes the global one, which Node has by itself only from version 22

export const TWELVE = /^[A-Za-z0-9]{12}$/;
const KINDS = ['connecting', 'connect', 'disconnect', 'message', 'event', 'messageDelete', 'userDisconnect'];

/** Somebody with the SDK; `ear` hears what it tells, `minted` counts the tokens it asked for. */
export async function guest(end, { token, provide, attempts = 3, ...wish }) {
    const ear = new Ear();
    const one = { ear, minted: 0 };
    const tokenProvider = async () => {
        one.minted += 1;
        return provide ? provide(one.minted) : (token ?? ask('token', wish));
    };
    const room = new ChatRoom({ regionOrUrl: await ask('address'), tokenProvider, maxReconnectAttempts: attempts });
    room.logger = { debug() {}, info() {}, error: (...parts) => ear.hear('logged', parts.join(' ')) };
    for (const kind of KINDS) room.addListener(kind, (value) => ear.hear(kind, value ?? null));
    one.room = room;
    end(() => room.state === 'disconnected' || room.disconnect());
    return one;
}

/** A guest who is connected. */
export async function enter(end, wish) {
    const one = await guest(end, wish);
    one.room.connect();
    await one.ear.next('connect');
    return one;
}

/** Two guests in a room of their own. */
export async function pair(end, settings = {}) {
    const roomIdentifier = await ask('room', settings);
    const ada = await enter(end, { roomIdentifier, userId: 'ada' });
    const ben = await enter(end, { roomIdentifier, userId: 'ben' });
    return { roomIdentifier, ada, ben };
}

export const say = (one, content, attributes) => one.room.sendMessage(new SendMessageRequest(content, attributes));
export const erase = (one, id, reason) => one.room.deleteMessage(new DeleteMessageRequest(id, reason));
export const kick = (one, userId, reason) => one.room.disconnectUser(new DisconnectUserRequest(userId, reason));
