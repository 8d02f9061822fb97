import auth from './de/auth.json';
import chats from './de/chats.json';
import conversation from './de/conversation.json';
import errors from './de/errors.json';
import look from './de/look.json';
import shell from './de/shell.json';

export const de = { auth, chats, conversation, errors, look, shell };
