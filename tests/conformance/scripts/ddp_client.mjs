// The official DDP client of Rocket.Chat, driven against the sandbox.
import { play } from './cases.mjs';
import './ddp_streams.mjs';
import './ddp_sessions.mjs';

play();
