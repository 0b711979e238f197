// Connecting, logging in, calling, coming back, and how often.
import { createHash } from 'node:crypto';

import { ask, check, Ear, expect, pause, refusal } from './cases.mjs';
import { connect, enter, hear, kindOf } from './ddp_guest.mjs';

check('ddp-15', 'connect: a session; the greeting without msg is ignored', async (end) => {
    const sdk = await connect(end);
    expect(sdk.connection.status, 'connected', 'status');
    expect(typeof sdk.connection.session, 'string', 'the type of the session');
});

check('ddp-16', 'login with a token: id, token, expiry; the user is told', async (end) => {
    const sdk = await connect(end);
    const { userId, token } = await ask('login', { who: 'moderator' });
    const result = await sdk.account.loginWithToken(token);
    expect([result.id, result.token, result.type], [userId, token, 'resume'], 'the result');
    expect(kindOf(result.tokenExpires), ['$date'], 'tokenExpires');
    expect([sdk.account.uid, sdk.account.user.username], [userId, 'moderator'], 'the account');
});

check('ddp-17', 'login with a password, as its digest', async (end) => {
    const sdk = await connect(end);
    const { userId, password } = await ask('login', { who: 'moderator' });
    await sdk.account.loginWithPassword('moderator', createHash('sha256').update(password).digest('hex'));
    expect(sdk.account.uid, userId, 'uid');
});

check('ddp-18', 'login with a token that is none: 403 and the sentence', async (end) => {
    const sdk = await connect(end);
    const error = await refusal(sdk.account.loginWithToken('never-given-out'));
    expect(
        [error.error, error.reason],
        [403, "You've been logged out by the server. Please log in again."],
        'error and reason',
    );
    expect(
        [error.isClientSafe, error.errorType, error.message],
        [true, 'Meteor.Error', `${error.reason} [403]`],
        'its other members',
    );
});

check('ddp-19', 'a method that is not there: 404', async (end) => {
    const { sdk } = await enter(end);
    const error = await refusal(sdk.call('noSuchMethod'));
    expect([error.error, error.reason], [404, "Method 'noSuchMethod' not found"], 'error and reason');
});

check('ddp-20', 'deleteMessage is no method any more: 404', async (end) => {
    const { sdk } = await enter(end);
    expect((await refusal(sdk.call('deleteMessage', { _id: 'x' }))).error, 404, 'error');
});

check('ddp-21', 'a cut line: the client logs in again, its subscriptions hold', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'room-messages', room);
    const again = new Ear();
    sdk.connection.on('connected', () => again.hear('connected', true));
    await ask('drop');
    await again.next('connected');
    await pause();
    await ask('say', { room, text: 'after the cut' });
    expect((await ear.next('event'))[0].msg, 'after the cut', 'the message');
});

check('ddp-22', 'ping is answered with pong, with its id', async (end) => {
    const sdk = await connect(end);
    const ear = new Ear();
    sdk.connection.ws.addEventListener('message', ({ data }) => ear.hear('frame', JSON.parse(data)));
    sdk.connection.ws.send(JSON.stringify({ msg: 'ping', id: 'p1' }));
    expect(await ear.next('frame', (one) => one.msg === 'pong'), { msg: 'pong', id: 'p1' }, 'the answer');
});

check('ddp-23', "the client's own REST part: as the one who is logged in", async (end) => {
    const { sdk, userId } = await enter(end);
    expect((await sdk.rest.get('/v1/me'))._id, userId, 'me');
    const room = await ask('room');
    const msgId = await ask('say', { room });
    expect((await sdk.rest.post('/v1/chat.delete', { roomId: room, msgId }))._id, msgId, 'the answer');
    const error = await refusal(sdk.rest.post('/v1/chat.delete', { roomId: room, msgId }));
    expect([error.status, (await error.json()).success], [400, false], 'the refusal');
});

check('ddp-24', 'a two-factor login: totp-required, and the code', async (end) => {
    const sdk = await connect(end);
    const { userId, password, code } = await ask('second_factor', { who: 'moderator' });
    const digest = createHash('sha256').update(password).digest('hex');
    const error = await refusal(sdk.account.loginWithPassword('moderator', digest));
    expect(error.error, 'totp-required', 'error');
    const login = { user: { username: 'moderator' }, password: { digest, algorithm: 'sha-256' } };
    expect(
        (await sdk.client.callAsyncWithOptions('login', { wait: true }, { totp: { code, login } })).id,
        userId,
        'id',
    );
});

check('ddp-25', 'too-many-requests: the 41st subscription to one stream within 40 s', async (end) => {
    const { sdk } = await enter(end);
    const rooms = await Promise.all([...Array(41).keys()].map(() => ask('room')));
    const outcomes = await Promise.allSettled(
        rooms.map((room) => sdk.stream('notify-room', `${room}/deleteMessage`, () => {}).ready()),
    );
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason);
    expect(
        refused.map((one) => one.error),
        ['too-many-requests'],
        'the refusals',
    );
    expect(
        refused[0].reason.startsWith('Error, too many requests. Please slow down. You must wait '),
        true,
        refused[0].reason,
    );
    expect(typeof refused[0].details.timeToReset, 'number', 'the type of timeToReset');
});
