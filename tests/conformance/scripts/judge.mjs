// Reads `{schema, value}` a line, writes `{problems: [...]}` a line: what the vendor's own schema says of the value.
import { createInterface } from 'node:readline';

import * as core from '@rocket.chat/core-typings';
import * as rest from '@rocket.chat/rest-typings';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

// Converts nothing: what is judged here are answers, which have to be right as they are.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'core', components: unions(core.schemas.components) });
const compiled = new Map();

// The generator wrote TypeScript's unions as oneOf, though their members overlap: every file is a plain attachment too.
function unions(schema) {
    if (Array.isArray(schema)) return schema.map(unions);
    if (schema === null || typeof schema !== 'object') return schema;
    return Object.fromEntries(
        Object.entries(schema).map(([key, value]) => [key === 'oneOf' ? 'anyOf' : key, unions(value)]),
    );
}

function validator(name) {
    if (name in rest) return rest[name];
    if (!(name in core.schemas.components.schemas)) throw new Error(`neither package has a schema named ${name}`);
    if (!compiled.has(name)) compiled.set(name, ajv.compile({ $ref: `core#/components/schemas/${name}` }));
    return compiled.get(name);
}

function problems({ schema, value }) {
    const validate = validator(schema);
    if (validate(value)) return [];
    // Requests are reported in the validator's bare words, because those are what the server answers.
    const place = (error) => (schema in rest ? '' : `${error.instancePath || '/'} `);
    const extra = (error) =>
        'additionalProperty' in error.params && !(schema in rest) ? ` (${error.params.additionalProperty})` : '';
    return validate.errors.map((error) => `${place(error)}${error.message}${extra(error)}`);
}

createInterface({ input: process.stdin }).on('line', (line) => {
    let answer;
    try {
        answer = { problems: problems(JSON.parse(line)) };
    } catch (error) {
        answer = { failed: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
});
