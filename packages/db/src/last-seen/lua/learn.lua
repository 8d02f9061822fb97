-- Keeps what the store behind says of users that Redis doesn't know. A touch in between is newer.
-- KEYS: the time of each user · ARGV: how long it is kept, in ms; then the time of each user
for at, key in ipairs(KEYS) do
  redis.call('SET', key, ARGV[1 + at], 'NX', 'PX', ARGV[1])
end
return #KEYS
