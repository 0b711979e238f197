// What the messaging socket refuses, and what a review does.
import { ask, check, expect, pause, refusal } from './cases.mjs';
import { TWELVE, enter, erase, kick, pair, say } from './ivs_guest.mjs';

async function refusedWithout(end, capability, act) {
    const capabilities = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'].filter((one) => one !== capability);
    const ada = await enter(end, { roomIdentifier: await ask('room'), userId: 'ada', capabilities });
    const reason = await refusal(act(ada));
    expect(reason.errorCode, 403, 'errorCode');
    expect(TWELVE.test(reason.id), true, `id ${reason.id} is one of 12 letters and digits`);
    expect(typeof reason.errorMessage, 'string', 'the type of errorMessage');
}

check('sdk-16', '403: sendMessage without the capability', (end) =>
    refusedWithout(end, 'SEND_MESSAGE', (one) => say(one, 'hello')),
);

check('sdk-17', '403: deleteMessage without the capability', (end) =>
    refusedWithout(end, 'DELETE_MESSAGE', (one) => erase(one, 'neverWas0003')),
);

check('sdk-18', '403: disconnectUser without the capability', (end) =>
    refusedWithout(end, 'DISCONNECT_USER', (one) => kick(one, 'ben')),
);

check('sdk-19', '400: a message without text, an id that is none', async (end) => {
    const { ada } = await pair(end);
    const codes = [await refusal(say(ada, '')), await refusal(erase(ada, 'short'))];
    expect(
        codes.map((one) => one.errorCode),
        [400, 400],
        'error codes',
    );
});

check('sdk-20', '413: a message longer than the room allows, counted in code points', async (end) => {
    const { ada } = await pair(end, { maximumMessageLength: 20 });
    expect((await say(ada, '👋'.repeat(20))).content, '👋'.repeat(20), 'content');
    expect((await refusal(say(ada, '👋'.repeat(21)))).errorCode, 413, 'errorCode');
});

check('sdk-21', '413: attributes of more than 1 KB, a reason of 257 characters', async (end) => {
    const { ada } = await pair(end);
    const codes = [
        await refusal(say(ada, 'hi', { big: 'x'.repeat(1_100) })),
        await refusal(erase(ada, 'neverWas0004', 'x'.repeat(257))),
    ];
    expect(
        codes.map((one) => one.errorCode),
        [413, 413],
        'error codes',
    );
});

check('sdk-22', '429: more messages a second than the room allows', async (end) => {
    const { ada } = await pair(end, { maximumMessageRatePerSecond: 1 });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((number) => say(ada, `number ${number}`)));
    const codes = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason.errorCode);
    expect(codes.length > 0 && codes.every((code) => code === 429), true, `codes ${JSON.stringify(codes)} are all 429`);
});

check('sdk-23', '406: a message denied in review reaches nobody, and its sender learns why', async (end) => {
    const roomIdentifier = await ask('reviewed_room', { ReviewResult: 'DENY', Attributes: { Reason: 'rude' } });
    const ada = await enter(end, { roomIdentifier, userId: 'ada' });
    const ben = await enter(end, { roomIdentifier, userId: 'ben' });
    const reason = await refusal(say(ada, 'you dunce'));
    expect(
        [reason.errorCode, reason.errorMessage.includes('rude')],
        [406, true],
        'code, and whether the text has the reason',
    );
    await pause();
    expect(ben.ear.of('message'), [], 'what the other heard');
});

check('sdk-24', 'review may rewrite a message; all see it so', async (end) => {
    const roomIdentifier = await ask('reviewed_room', {
        ReviewResult: 'ALLOW',
        Content: 'you *****',
        Attributes: { cleaned: 'yes' },
    });
    const ada = await enter(end, { roomIdentifier, userId: 'ada' });
    const ben = await enter(end, { roomIdentifier, userId: 'ben' });
    await say(ada, 'you dunce');
    const heard = await ben.ear.next('message');
    expect([heard.content, heard.attributes], ['you *****', { cleaned: 'yes' }], 'the message');
});
