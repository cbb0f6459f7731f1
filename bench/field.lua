-- Load on the field system: officers who send records of 250 fields, and who read them again. Started by bench/field.
-- Arguments: the file with cookie and token, "write", "read" or "list", the run's number, the records that each thread of each run wrote.

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

-- Run, thread and record as a UUID: every record is new, and can be named again. Spread as random ones are, over the whole index.
local function name(run, thread, record)
    local spread = (record * 2654435761 + run * 40503 + thread * 65599) % 4294967296
    return string.format("%08x-%04x-4000-8%03x-%012x", spread, run, thread, record)
end

local function body()
    local members = {}
    for i = 1, 240 do
        members[i] = string.format('"question_%03d":"answer %d of this record"', i, i * 7919 % 997)
    end
    return '{"occurred_at":"2026-03-05T14:30:00-05:00","district":"150116","origin":"patrol","profile":"adult_labour",'
        .. '"place":"Workshop on the second floor of a market","narrative":"At half past two the patrol was called. One '
        .. 'person said that her papers were kept by the owner.","indicators":{"ec.documents_taken":"yes",'
        .. '"ex.no_day_off":"yes","ec.movement_restricted":"not_observed"},"extra":{' .. table.concat(members, ",") .. "}}"
end

function init(args)
    local file = assert(io.open(args[1]))
    local cookie, token = file:read("*l"), file:read("*l")
    file:close()
    kind, run, written = args[2], tonumber(args[3]), {}
    for i = 4, #args do
        written[#written + 1] = tonumber(args[i])
    end
    sent, refused, text = 0, 0, body()
    headers = {["Cookie"] = cookie, ["X-CSRF-Token"] = token, ["Content-Type"] = "application/json"}
    math.randomseed(number)
end

function request()
    if kind == "write" then
        sent = sent + 1
        return wrk.format("PUT", "/api/incidents/" .. name(run, number, sent), headers, text)
    end
    if kind == "list" then
        return wrk.format("GET", "/api/incidents?limit=50", headers)
    end
    local from = math.random(#written) -- wrk throws the first request away
    return wrk.format("GET", "/api/incidents/" .. name(from, number, math.random(2, written[from])), headers)
end

function response(status)
    if status >= 300 then
        refused = refused + 1
    end
end

-- One line for bench/field: answers a second, milliseconds at the middle and at 99 %, answers, refusals.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("RESULT %.0f %.1f %.1f %d %d\n", summary.requests * 1e6 / summary.duration,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
