#!lua flags=no-writes
-- The live handlers of each user.
-- KEYS: the users · ARGV: prefix
local prefix = ARGV[1]

-- Epoch → the handler whose lease it is, or false when that ended. Asked once, since many users share a few handlers.
local leases = {}
local function handler_of(epoch)
  if leases[epoch] == nil then leases[epoch] = redis.call('GET', prefix .. 'lease:' .. epoch) end
  return leases[epoch]
end

local found = {}
for at, user in ipairs(KEYS) do
  local handlers = {}
  for _, epoch in ipairs(redis.call('SMEMBERS', user)) do
    local handler = handler_of(epoch)
    if handler then handlers[#handlers + 1] = handler end
  end
  found[at] = handlers
end
return found
