// Tokens, sessions, cut lines.
import { ask, check, expect, pause, until } from './cases.mjs';
import { enter, guest, pair, say } from './ivs_guest.mjs';

check('sdk-25', 'a token works once: with a used one the upgrade is refused', async (end) => {
    const roomIdentifier = await ask('room');
    const token = await ask('token', { roomIdentifier, userId: 'ada' });
    await enter(end, { token });
    const second = await guest(end, { token });
    second.room.connect();
    expect(await second.ear.next('disconnect'), 'socketError', 'why it is disconnected');
    expect(second.minted, 4, 'tokens asked for: one, and three more attempts');
});

check('sdk-26', 'a token that was never given out: the upgrade is refused', async (end) => {
    const stray = await guest(end, { token: { token: 'AQICAHneverGivenOut' } });
    stray.room.connect();
    expect(await stray.ear.next('disconnect'), 'socketError', 'why it is disconnected');
});

check('sdk-27', 'a token that has expired: the upgrade is refused', async (end) => {
    const token = await ask('token', { roomIdentifier: await ask('room'), userId: 'ada' });
    await ask('advance', { seconds: 3_601 });
    const late = await guest(end, { token: { token: token.token } });
    late.room.connect();
    expect(await late.ear.next('disconnect'), 'socketError', 'why it is disconnected');
});

check('sdk-28', 'a cut line: the SDK comes back with another token and hears what follows', async (end) => {
    const { ada, ben } = await pair(end);
    await ask('drop');
    await until(() => [ada, ben].every((one) => one.minted === 2 && one.room.state === 'connected'), 'both are back');
    await say(ada, 'after the cut');
    expect((await ben.ear.next('message')).content, 'after the cut', 'content');
});

check('sdk-29', 'token refresh: a second connection takes over, nothing is lost or told twice', async (end) => {
    const roomIdentifier = await ask('room');
    const provide = async (times) => {
        const { token } = await ask('token', { roomIdentifier, userId: 'ada' });
        // The SDK renews a minute ahead; the first token says that it has a little more than that.
        return { token, tokenExpirationTime: new Date(Date.now() + (times === 1 ? 60_600 : 3_600_000)) };
    };
    const ada = await enter(end, { provide });
    const ben = await enter(end, { roomIdentifier, userId: 'ben' });
    for (let number = 0; number < 15; number += 1) {
        await ask('advance', { seconds: 1 });
        await say(ben, `number ${number}`);
        await pause();
    }
    await ada.ear.next('message', (one) => one.content === 'number 14');
    expect(ada.minted, 2, 'tokens asked for');
    expect(
        ada.ear.of('message').map((one) => one.content),
        [...Array(15).keys()].map((number) => `number ${number}`),
        'messages',
    );
    expect(ada.ear.of('disconnect'), [], 'disconnects told');
});

check('sdk-30', 'session end: the connection is closed when the session is over', async (end) => {
    const ada = await enter(end, {
        roomIdentifier: await ask('room'),
        userId: 'ada',
        sessionDurationInMinutes: 1,
    });
    await ask('advance', { seconds: 61 });
    await until(() => ada.minted > 1 || ada.ear.of('disconnect').length > 0, 'the connection has ended');
});

check('sdk-31', 'disconnect: clientDisconnect, and nothing is heard any more', async (end) => {
    const { ada, ben } = await pair(end);
    ben.room.disconnect();
    expect(await ben.ear.next('disconnect'), 'clientDisconnect', 'why it is disconnected');
    await say(ada, 'still here?');
    await pause();
    expect(ben.ear.of('message'), [], 'what was heard');
});
