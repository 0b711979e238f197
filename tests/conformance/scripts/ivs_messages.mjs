// Messages, deletions, events and disconnections, as the SDK tells them.
import { ask, check, expect, pause } from './cases.mjs';
import { TWELVE, enter, erase, kick, pair, say } from './ivs_guest.mjs';

check('sdk-01', 'connect: connecting, then connect; the token is taken as subprotocol', async (end) => {
    const ada = await enter(end, { roomIdentifier: await ask('room'), userId: 'ada' });
    expect(
        ada.ear.heard.map((one) => one.kind),
        ['connecting', 'connect'],
        'what was told',
    );
    expect(ada.room.state, 'connected', 'state');
    expect(ada.minted, 1, 'tokens asked for');
});

check('sdk-02', 'sendMessage: resolves with the message as it was echoed', async (end) => {
    const { ada } = await pair(end);
    const message = await say(ada, 'hello', { mood: 'fine' });
    expect(TWELVE.test(message.id), true, `id ${message.id} is one of 12 letters and digits`);
    expect(
        [message.content, message.attributes, message.sender.userId],
        ['hello', { mood: 'fine' }, 'ada'],
        'the message',
    );
    expect(Math.abs(message.sendTime - Date.now()) < 120_000, true, `sendTime ${message.sendTime} is about now`);
    expect(typeof message.requestId, 'string', 'the type of requestId');
});

check('sdk-03', 'message: everybody in the room has it, with the attributes of the token', async (end) => {
    const roomIdentifier = await ask('room');
    const ada = await enter(end, { roomIdentifier, userId: 'ada', attributes: { displayName: 'Ada' } });
    const ben = await enter(end, { roomIdentifier, userId: 'ben' });
    const sent = await say(ada, 'to all');
    const heard = await ben.ear.next('message');
    expect(
        [heard.id, heard.content, heard.sender],
        [sent.id, 'to all', { userId: 'ada', attributes: { displayName: 'Ada' } }],
        'the message',
    );
});

check('sdk-04', 'message: nobody in another room has it', async (end) => {
    const { ada } = await pair(end);
    const eve = await enter(end, { roomIdentifier: await ask('room'), userId: 'eve' });
    await say(ada, 'not for eve');
    await pause();
    expect(eve.ear.of('message'), [], 'what eve heard');
});

check('sdk-05', 'message: text of every kind arrives as it was sent', async (end) => {
    const { ada, ben } = await pair(end);
    const text = 'naïve — 你好 👩‍👩‍👧 \u202e \u001b[31m "quoted" \\ \n tail';
    await say(ada, text);
    expect((await ben.ear.next('message')).content, text, 'content');
});

check('sdk-06', 'deleteMessage: resolves; everybody is told with the reason', async (end) => {
    const { ada, ben } = await pair(end);
    const { id } = await say(ada, 'spam');
    const own = await erase(ben, id, 'no spam');
    expect([own.messageId, own.reason], [id, 'no spam'], 'the event');
    const heard = await ada.ear.next('messageDelete');
    expect([heard.messageId, heard.reason, heard.id], [id, 'no spam', own.id], 'what the other was told');
});

check('sdk-07', 'deleteMessage: without a reason', async (end) => {
    const { ada, ben } = await pair(end);
    const { id } = await say(ada, 'oops');
    await erase(ben, id);
    expect((await ada.ear.next('messageDelete')).messageId, id, 'messageId');
});

check('sdk-08', 'deleteMessage: succeeds for an id that no message ever had', async (end) => {
    const { ada, ben } = await pair(end);
    await erase(ada, 'neverWas0001', 'gone');
    expect((await ben.ear.next('messageDelete')).messageId, 'neverWas0001', 'messageId');
});

check('sdk-09', 'messageDelete: the same for a deletion over HTTP', async (end) => {
    const { roomIdentifier, ada, ben } = await pair(end);
    const { id } = await say(ada, 'spam');
    await ask('call', { operation: 'delete_message', with: { roomIdentifier, id, reason: 'by HTTP' } });
    const heard = await ben.ear.next('messageDelete');
    expect([heard.messageId, heard.reason], [id, 'by HTTP'], 'the event');
});

check('sdk-10', 'event: an event sent over HTTP arrives with name and attributes', async (end) => {
    const { roomIdentifier, ada } = await pair(end);
    const sent = await ask('call', {
        operation: 'send_event',
        with: { roomIdentifier, eventName: 'app:POLL', attributes: { open: 'yes' } },
    });
    const heard = await ada.ear.next('event');
    expect([heard.id, heard.eventName, heard.attributes], [sent.id, 'app:POLL', { open: 'yes' }], 'the event');
});

check('sdk-11', 'event: the two events of the service are not told as events of an application', async (end) => {
    const { ada, ben } = await pair(end);
    await erase(ada, 'neverWas0002');
    await ben.ear.next('messageDelete');
    expect(ben.ear.of('event'), [], 'events told');
});

check('sdk-12', 'disconnectUser: resolves; the user is told and disconnected, the others are told', async (end) => {
    const { ada, ben } = await pair(end);
    const own = await kick(ada, 'ben', 'enough');
    expect([own.userId, own.reason], ['ben', 'enough'], 'the event');
    expect(await ben.ear.next('disconnect'), 'serverDisconnect', 'why the user was disconnected');
    expect((await ada.ear.next('userDisconnect')).userId, 'ben', 'who was disconnected');
    expect(ada.room.state, 'connected', 'state of the others');
});

check('sdk-13', 'disconnectUser: every connection of the user ends, also over HTTP', async (end) => {
    const { roomIdentifier, ada, ben } = await pair(end);
    const again = await enter(end, { roomIdentifier, userId: 'ben' });
    await ask('call', {
        operation: 'disconnect_user',
        with: { roomIdentifier, userId: 'ben', reason: 'by HTTP' },
    });
    expect(
        [await ben.ear.next('disconnect'), await again.ear.next('disconnect')],
        ['serverDisconnect', 'serverDisconnect'],
        'why',
    );
    expect((await ada.ear.next('userDisconnect')).reason, 'by HTTP', 'reason');
});

check('sdk-14', 'disconnectUser: the user may come back with a new token', async (end) => {
    const { roomIdentifier, ada, ben } = await pair(end);
    await kick(ada, 'ben');
    await ben.ear.next('disconnect');
    const back = await enter(end, { roomIdentifier, userId: 'ben' });
    expect((await say(back, 'me again')).content, 'me again', 'content');
});

check('sdk-15', 'every frame was understood: the SDK complained of none', async (end) => {
    const { roomIdentifier, ada, ben } = await pair(end);
    const { id } = await say(ada, 'one');
    await erase(ben, id, 'two');
    await ask('call', { operation: 'send_event', with: { roomIdentifier, eventName: 'app:THREE' } });
    await ada.ear.next('event');
    expect([...ada.ear.of('logged'), ...ben.ear.of('logged')], [], 'complaints');
});
