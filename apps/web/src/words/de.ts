import chats from './de/chats.json';
import conversation from './de/conversation.json';
import look from './de/look.json';
import shell from './de/shell.json';

export const de = { chats, conversation, look, shell };
