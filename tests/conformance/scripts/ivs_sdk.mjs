// The official IVS Chat client, driven against the sandbox.
import { play } from './cases.mjs';
import './ivs_messages.mjs';
import './ivs_refusals.mjs';
import './ivs_connections.mjs';

play();
