import auth from './en/auth.json';
import chats from './en/chats.json';
import conversation from './en/conversation.json';
import errors from './en/errors.json';
import look from './en/look.json';
import shell from './en/shell.json';

export const en = { auth, chats, conversation, errors, look, shell };
