-- Drops rows and leases, and gives no new ones for a while.
-- KEYS: the rows · ARGV: how long, in ms
for _, key in ipairs(KEYS) do redis.call('SET', key, '!', 'PX', ARGV[1]) end
return #KEYS
