// What the streams tell, and to whom.
import { ask, check, expect, pause } from './cases.mjs';
import { connect, enter, expectDocument, hear, kindOf, refusedStream } from './ddp_guest.mjs';

check('ddp-01', 'room-messages: a new message, dates as EJSON', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'room-messages', room);
    const id = await ask('say', { room, text: 'naïve — 你好 👩‍👩‍👧' });
    const [message] = await ear.next('event');
    expect(
        [message._id, message.rid, message.msg, message.u.username],
        [id, room, 'naïve — 你好 👩‍👩‍👧', 'admin'],
        'the message',
    );
    expect([kindOf(message.ts), kindOf(message._updatedAt)], [['$date'], ['$date']], 'its dates');
    await expectDocument('IMessage', message);
});

check('ddp-02', 'room-messages: an edited message comes again', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'room-messages', room);
    const id = await ask('say', { room });
    await ask('edit', { id, text: 'better' });
    const [message] = await ear.next('event', ([one]) => one.msg === 'better');
    expect([message._id, kindOf(message.editedAt), message.editedBy.username], [id, ['$date'], 'admin'], 'the message');
});

check('ddp-03', 'room-messages: messages of other rooms are not told', async (end) => {
    const { sdk } = await enter(end);
    const ear = await hear(sdk, 'room-messages', await ask('room'));
    await ask('say', { room: await ask('room') });
    await pause();
    expect(ear.of('event'), [], 'what was told');
});

check('ddp-04', 'notify-room deleteMessage: the id of a deleted message', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'notify-room', `${room}/deleteMessage`);
    const id = await ask('say', { room });
    await ask('delete', { room, id });
    expect(await ear.next('event'), [{ _id: id }], 'the event');
});

check('ddp-05', 'ShowDeletedStatus: a placeholder in room-messages, and no deleteMessage', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const gone = await hear(sdk, 'notify-room', `${room}/deleteMessage`);
    const ear = await hear(sdk, 'room-messages', room);
    const id = await ask('say', { room });
    await ask('delete', { room, id, settings: { Message_ShowDeletedStatus: true } });
    const [message] = await ear.next('event', ([one]) => one.t === 'rm');
    expect([message._id, message.msg, kindOf(message.editedAt)], [id, '', ['$date']], 'the placeholder');
    await expectDocument('IMessage', message);
    await pause();
    expect(gone.of('event'), [], 'deleteMessage events');
});

check('ddp-06', 'notify-room deleteMessageBulk: what rooms.cleanHistory pruned', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'notify-room', `${room}/deleteMessageBulk`);
    await ask('say', { room });
    await ask('clean', { room });
    const [bulk] = await ear.next('event');
    expect([bulk.rid, bulk.excludePinned, bulk.ignoreDiscussion, bulk.users], [room, false, false, []], 'the event');
    expect(Object.keys(bulk.ts).sort(), ['$gt', '$lt'], 'its bounds');
    expect([kindOf(bulk.ts.$gt), kindOf(bulk.ts.$lt)], [['$date'], ['$date']], 'the form of its bounds');
});

check('ddp-07', 'notify-room deleteMessageBulk: the ids, when a prune was limited', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'notify-room', `${room}/deleteMessageBulk`);
    const id = await ask('say', { room });
    await ask('clean', { room, limit: 10 });
    expect((await ear.next('event'))[0].ids, [id], 'ids');
});

check('ddp-08', '__my_messages__: messages of every room, with what the room is', async (end) => {
    const { sdk } = await enter(end);
    const ear = await hear(sdk, 'room-messages', '__my_messages__');
    const room = await ask('room');
    const id = await ask('say', { room });
    const [, about] = await ear.next('event', ([one]) => one._id === id);
    expect(
        [about.roomParticipant, about.roomType, typeof about.roomName],
        [true, 'c', 'string'],
        'what is told of the room',
    );
});

check('ddp-09', "notify-user subscriptions-changed: one's own unread count", async (end) => {
    const { sdk, userId } = await enter(end, 'moderator');
    const room = await ask('room', { member: 'moderator' });
    const ear = await hear(sdk, 'notify-user', `${userId}/subscriptions-changed`);
    await ask('say', { room });
    const [action, subscription] = await ear.next('event', ([, one]) => one.rid === room);
    expect([action, subscription.unread], ['updated', 1], 'action and unread');
    await expectDocument('ISubscription', subscription);
});

check('ddp-10', 'notify-logged permissions-changed: a grant that changed', async (end) => {
    const { sdk } = await enter(end);
    const ear = await hear(sdk, 'notify-logged', 'permissions-changed');
    await ask('grant', { permission: 'delete-message', role: 'bot' });
    const [action, permission] = await ear.next('event');
    expect(
        [action, permission._id, permission.roles.includes('bot')],
        ['updated', 'delete-message', true],
        'the event',
    );
});

check('ddp-11', 'notify-all public-settings-changed: a setting that changed', async (end) => {
    const { sdk } = await enter(end);
    const ear = await hear(sdk, 'notify-all', 'public-settings-changed');
    for (const value of [true, false]) {
        await ask('set', { setting: 'Message_KeepHistory', value });
        const [action] = await ear.next('event', ([, one]) => one._id === 'Message_KeepHistory' && one.value === value);
        expect(action, 'updated', 'the action');
    }
});

check('ddp-12', "not-allowed: a private room of others, somebody else's events", async (end) => {
    const { sdk } = await enter(end, 'moderator');
    const room = await ask('room', { kind: 'p' });
    const { userId } = await ask('login', { who: 'admin' });
    for (const [stream, event] of [
        ['room-messages', room],
        ['notify-room', `${room}/deleteMessage`],
        ['notify-user', `${userId}/message`],
    ]) {
        const error = await refusedStream(sdk, stream, event);
        expect(
            [error?.error, error?.message, error?.errorType],
            ['not-allowed', '[not-allowed]', 'Meteor.Error'],
            `the refusal of ${stream}`,
        );
    }
});

check('ddp-13', "not-allowed: a room's events for somebody who is not logged in", async (end) => {
    const sdk = await connect(end);
    const error = await refusedStream(sdk, 'notify-room', `${await ask('room')}/deleteMessage`);
    expect(error?.error, 'not-allowed', 'the refusal');
});

check('ddp-14', 'unsubscribed: nothing is told any more', async (end) => {
    const { sdk } = await enter(end);
    const room = await ask('room');
    const ear = await hear(sdk, 'room-messages', room);
    ear.stop();
    await pause();
    await ask('say', { room });
    await pause();
    expect(ear.of('event'), [], 'what was told');
});
