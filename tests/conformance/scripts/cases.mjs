// Runs a table of cases and tells each outcome; the other side of this conversation is child.py.
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';

console.log = console.error; // standard output is for the conversation alone, whatever a client wants to say

const CASE_MILLISECONDS = 15_000;
const waiting = new Map();

createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(value);
});

const say = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);
let asked = 0;

/** Have something done to the sandbox. */
export function ask(wish, details = {}) {
    const id = ++asked;
    say({ ask: wish, id, with: details });
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

const show = (value) => (value instanceof Error ? String(value) : JSON.stringify(value));

/** Fail unless both are equal. */
export function expect(actual, wanted, what) {
    if (!isDeepStrictEqual(actual, wanted)) throw new Error(`${what} is ${show(actual)}, not ${show(wanted)}`);
}

/** What a promise rejects with; it is an error if it does not. */
export async function refusal(promise) {
    try {
        await promise;
    } catch (reason) {
        return reason;
    }
    throw new Error('it was not refused');
}

/** What a promise comes to, or a failure when it takes too long. */
export function within(milliseconds, promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: nothing within ${milliseconds} ms`)), milliseconds);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Long enough for whatever is on its way to arrive, where nothing should. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 150));

/** Wait until something holds. */
export async function until(holds, what) {
    const late = Date.now() + 5_000;
    while (!holds()) {
        if (Date.now() > late) throw new Error(`not within 5 s: ${what}`);
        await pause();
    }
}

/** Everything that a client told, in order, and a way to wait for more. */
export class Ear {
    heard = [];
    #ears = new Set();

    hear(kind, value) {
        this.heard.push({ kind, value });
        for (const ear of this.#ears) ear();
    }

    of(kind) {
        return this.heard.filter((one) => one.kind === kind).map((one) => one.value);
    }

    /** The first value of a kind that fits, heard already or yet to come. */
    next(kind, fits = () => true, milliseconds = 5_000) {
        let listen;
        const found = new Promise((resolve) => {
            listen = () => {
                const value = this.of(kind).find(fits);
                if (value !== undefined) resolve(value);
            };
            this.#ears.add(listen);
            listen();
        });
        return within(milliseconds, found, `waiting for ${kind}`).finally(() => this.#ears.delete(listen));
    }
}

const table = [];

/** Enter a case into the table; its function is given `end`, which takes what has to be done afterwards. */
export const check = (name, says, run) => table.push([name, says, run]);

/** Run every case in the order in which they were entered, then end the process. */
export async function play() {
    for (const [name, says, run] of table) {
        const told = { case: name, says, outcome: 'ok', detail: '' };
        const endings = [];
        try {
            await within(
                CASE_MILLISECONDS,
                run((end) => endings.push(end)),
                'the case',
            );
        } catch (error) {
            told.outcome = 'FAIL';
            told.detail = error instanceof Error ? error.message : show(error);
        }
        for (const end of endings) end();
        say(told);
    }
    process.stdout.write('', () => process.exit(0));
}
