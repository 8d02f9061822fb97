import chats from './en/chats.json';
import conversation from './en/conversation.json';
import look from './en/look.json';
import shell from './en/shell.json';

export const en = { chats, conversation, look, shell };
