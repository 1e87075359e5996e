// SPDX-License-Identifier: Apache-2.0
#include "store/call_recorder.h"

#include "base/logging.h"
#include "store/database.h"

namespace luthien::store {

using namespace conversation;

namespace {
constexpr std::size_t kBlockBytes = 64 << 10; // raw; a fuller block does not wait
constexpr std::size_t kMergedBytes = 1 << 20; // raw; keeps single values small for every database
constexpr int kFastLevel = 1;                 // while the call runs
constexpr int kSmallLevel = 3;                // once it is over
constexpr std::string_view kAbandoned = "the program stopped while this call was open";

std::string_view bytesOf(const CallId& id)
{
    return {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()};
}

std::optional<std::int64_t> microsOf(const std::optional<TimePoint>& time)
{
    return time ? std::optional(toMicros(*time)) : std::nullopt;
}

/// A reply after which the next word is a person's.
bool isTurn(const CallEnded& event)
{
    return event.status == CallStatus::Completed && event.stopReason != StopReason::None &&
           event.stopReason != StopReason::ToolUse && event.stopReason != StopReason::PauseTurn;
}
} // namespace

CallRecorder::CallRecorder(Database& database)
    : m_database(database)
    , m_contents(database)
    , m_chains(database)
{
}

void CallRecorder::setSource(int producer, const JournalPosition& position)
{
    m_producer = producer;
    m_position = position;
}

bool CallRecorder::failed(const Result<void>& done)
{
    if (!done && m_status)
        m_status = done;
    return !done;
}

Result<void> CallRecorder::begin()
{
    if (m_inTransaction)
        return {};
    auto begun = m_database.begin();
    m_inTransaction = begun.hasValue();
    return begun;
}

void CallRecorder::opened(const CallOpened& event)
{
    if (!m_status || find(event.call) != nullptr || failed(begin()))
        return;
    auto call = insert(event);
    if (!call) {
        failed(call.error());
        return;
    }
    const Call& kept = m_calls.emplace(event.call, std::move(*call)).first->second;
    touch(event.call, kept);
}

void CallRecorder::request(const RequestRecorded& event)
{
    Call* const call = m_status ? find(event.call) : nullptr;
    if (call == nullptr || call->status != CallStatus::Open || event.seq < nextSeq(*call) || failed(begin()))
        return;
    if (failed(insertRequest(*call, event)))
        return;
    touch(event.call, *call);
    add(event.call, *call, {event.seq, event.at, event.direction, WireKind::Request, {}});
}

void CallRecorder::wire(const WireEvent& event)
{
    Call* const call = m_status ? find(event.call) : nullptr;
    if (call == nullptr || call->status != CallStatus::Open || event.seq < nextSeq(*call))
        return;
    std::optional<Partial>& partial = call->partial[static_cast<std::size_t>(event.direction)];
    if (event.partial) {
        if (!partial)
            partial = Partial{event.at, {}, m_position};
        partial->bytes += event.bytes;
        return;
    }
    BlockEvent whole{event.seq, event.at, event.direction, event.kind, event.bytes};
    if (!partial) {
        add(event.call, *call, whole);
        return;
    }
    const std::string bytes = std::move(partial->bytes.append(event.bytes));
    whole.bytes = bytes;
    // What waits now begins where the first bytes are.
    const JournalPosition here = std::exchange(m_position, partial->from);
    partial.reset();
    add(event.call, *call, whole);
    m_position = here;
}

void CallRecorder::ended(const CallEnded& event)
{
    Call* const call = m_status ? find(event.call) : nullptr;
    if (call == nullptr || call->status != CallStatus::Open || failed(begin()))
        return;
    if (!failed(end(event.call, *call, event))) {
        touch(event.call, *call);
        m_calls.erase(event.call);
    }
}

std::uint32_t CallRecorder::nextSeq(const Call& call) noexcept
{
    return call.waiting.isEmpty() ? call.storedSeq : call.waiting.nextSeq();
}

CallRecorder::Call* CallRecorder::find(CallId id)
{
    if (const auto found = m_calls.find(id); found != m_calls.end()) {
        found->second.producer = m_producer;
        return &found->second;
    }
    auto loaded = load(id);
    if (!loaded) {
        failed(loaded.error());
        return nullptr;
    }
    if (!*loaded)
        return nullptr;
    if ((*loaded)->status != CallStatus::Open) {
        m_over = std::move(**loaded); // read again from a journal; nothing more is kept of it
        return &m_over;
    }
    return &m_calls.emplace(id, std::move(**loaded)).first->second;
}

Result<std::optional<CallRecorder::Call>> CallRecorder::load(CallId id)
{
    auto find = m_database.statement("find_call");
    if (!find)
        return find.error();
    if (auto done = (*find)->bindBlob(":uid", bytesOf(id)).exec(); !done)
        return done.error();
    const auto row = (*find)->next();
    if (!row)
        return row.error();
    std::optional<Call> call;
    if (*row) {
        call.emplace();
        call->row = (*find)->number(0);
        call->sessionRow = (*find)->number(1);
        call->session = (*find)->text(2);
        call->status = static_cast<CallStatus>((*find)->number(3));
        call->storedSeq = static_cast<std::uint32_t>((*find)->number(4));
        call->blocks = (*find)->number(5);
        call->producer = m_producer;
    }
    (*find)->finish();
    return call;
}

void CallRecorder::touch(CallId id, const Call& call)
{
    m_touched[id] = {id, call.session, call.storedSeq == 0 ? 0 : call.storedSeq - 1, call.storedSeq != 0, call.status};
}

Result<CallRecorder::Call> CallRecorder::insert(const CallOpened& event)
{
    auto session = m_database.statement("upsert_session");
    auto insertCall = m_database.statement("insert_call");
    if (!session || !insertCall)
        return session ? insertCall.error() : session.error();
    const Identity& who = event.identity;
    auto done = (*session)
                    ->bindText(":uid", who.session)
                    .bindText(":client", who.client)
                    .bindText(":agent", who.agent)
                    .bindText(":preview", event.preview)
                    .bind(":at", toMicros(event.at))
                    .exec();
    if (!done)
        return done.error();
    if (const auto row = (*session)->next(); !row || !*row)
        return row ? Error{ErrorCode::Internal, "a session was not stored", "upsert_session"} : row.error();
    Call call;
    call.sessionRow = (*session)->number(0);
    m_newSessions += (*session)->number(1) == 1 ? 1 : 0;
    (*session)->finish();
    call.session = who.session;
    call.producer = m_producer;
    if (auto stored = insertModel(call.sessionRow, event.model); !stored)
        return stored.error();
    const auto row = (*insertCall)
                         ->bindBlob(":uid", bytesOf(event.call))
                         .bind(":session", call.sessionRow)
                         .bind(":session_derived", std::int64_t{who.sessionDerived})
                         .bindText(":agent", who.agent)
                         .bindText(":parent_agent", who.parentAgent)
                         .bindText(":client", who.client)
                         .bindText(":client_version", who.clientVersion)
                         .bindText(":user_label", who.user)
                         .bindText(":trace_id", who.traceId)
                         .bindText(":upstream", event.upstream)
                         .bind(":api", static_cast<std::int64_t>(event.api))
                         .bindText(":method", event.method)
                         .bindText(":path", event.path)
                         .bindText(":model", event.model)
                         .bindText(":preview", event.preview)
                         .bind(":stream", std::int64_t{event.stream})
                         .bind(":started", toMicros(event.at))
                         .firstNumber();
    if (!row)
        return row.error();
    call.row = row->value_or(0);
    return call;
}

Result<void> CallRecorder::insertModel(std::int64_t sessionRow, std::string_view model)
{
    if (model.empty())
        return {};
    auto statement = m_database.statement("insert_session_model");
    if (!statement)
        return statement.error();
    return (*statement)->bind(":session", sessionRow).bindText(":model", model).run();
}

Result<void> CallRecorder::insertRequest(Call& call, const RequestRecorded& event)
{
    auto body = m_contents.putBody(event.body, event.messages);
    if (!body && body.error().code == ErrorCode::InvalidArgument) {
        qCWarning(lcStore, "a request is kept whole: %s", body.error().message.c_str());
        body = m_contents.putBody(event.body, {});
    }
    const auto headers = m_contents.put(event.head);
    auto insertRow = m_database.statement("insert_request");
    if (!body || !headers || !insertRow)
        return !body ? body.error() : !headers ? headers.error() : insertRow.error();
    const auto row = (*insertRow)
                         ->bind(":call", call.row)
                         .bind(":seq", std::int64_t{event.seq})
                         .bind(":direction", static_cast<std::int64_t>(event.direction))
                         .bind(":at", toMicros(event.at))
                         .bind(":headers", *headers)
                         .bind(":opening", body->opening)
                         .bind(":head_node", body->head)
                         .bind(":closing", body->closing)
                         .bind(":raw_bytes", static_cast<std::int64_t>(event.body.size()))
                         .firstNumber();
    if (!row)
        return row.error();
    if (!*row || event.seq != 0)
        return {}; // replayed, or not what the client asked
    const auto known = m_chains.countKnown(call.sessionRow, body->meanings);
    auto update = m_database.statement("update_call_request");
    if (!known || !update)
        return known ? update.error() : known.error();
    return (*update)
        ->bind(":call", call.row)
        .bind(":message_count", static_cast<std::int64_t>(body->meanings.size()))
        .bind(":fresh_from", static_cast<std::int64_t>(*known))
        .bind(":head_node", body->head)
        .run();
}

void CallRecorder::add(CallId id, Call& call, const BlockEvent& event)
{
    const bool hasGap = !call.waiting.isEmpty() && event.seq != call.waiting.nextSeq();
    if (hasGap && failed(flush(id, call, kFastLevel)))
        return;
    if (call.waiting.isEmpty()) {
        call.waitingSince = std::chrono::steady_clock::now();
        call.waitingFrom = m_position;
    }
    call.waiting.add(event);
    if (call.waiting.rawBytes() >= kBlockBytes)
        failed(flush(id, call, kFastLevel));
}

void CallRecorder::flush(SteadyPoint before)
{
    for (auto& [id, call] : m_calls) {
        if (m_status && !call.waiting.isEmpty() && call.waitingSince <= before)
            failed(flush(id, call, kFastLevel));
    }
}

Result<void> CallRecorder::flush(CallId id, Call& call, int level)
{
    if (call.waiting.isEmpty())
        return {};
    if (auto begun = begin(); !begun)
        return begun;
    if (auto done = insertBlock(call.row, call.waiting, level); !done)
        return done;
    ++call.blocks;
    call.storedSeq = call.waiting.nextSeq();
    call.waiting.clear();
    touch(id, call);
    return {};
}

Result<void> CallRecorder::insertBlock(std::int64_t callRow, const BlockBuilder& block, int level)
{
    auto insertRow = m_database.statement("insert_block");
    if (!insertRow)
        return insertRow.error();
    const std::string raw = block.raw();
    const Packed packed = m_compression.pack(raw, level);
    return (*insertRow)
        ->bind(":call", callRow)
        .bind(":seq", std::int64_t{block.firstSeq()})
        .bind(":events", std::int64_t{block.events()})
        .bind(":start", toMicros(block.start()))
        .bind(":raw_bytes", static_cast<std::int64_t>(raw.size()))
        .bind(":codec", static_cast<std::int64_t>(packed.codec))
        .bindBlob(":data", packed.bytes)
        .run();
}

Result<void> CallRecorder::end(CallId id, Call& call, const CallEnded& event)
{
    // An event whose rest never came keeps what there is of it.
    for (std::size_t i = 0; i < call.partial.size(); ++i) {
        if (const auto partial = std::exchange(call.partial[i], std::nullopt))
            add(id, call, {nextSeq(call), partial->at, static_cast<Direction>(i), WireKind::Head, partial->bytes});
    }
    const std::uint32_t seq = std::max(event.seq, nextSeq(call));
    add(id, call, {seq, event.at, Direction::Received, WireKind::End, {}});
    if (!m_status)
        return m_status;
    if (auto done = flush(id, call, call.blocks == 0 ? kSmallLevel : kFastLevel); !done)
        return done;
    if (call.blocks > 1) {
        if (auto done = merge(call); !done)
            return done;
    }
    call.status = event.status;
    if (auto done = updateEnded(call, event); !done)
        return done;
    return updateSessionEnded(call, event);
}

Result<void> CallRecorder::merge(const Call& call)
{
    auto list = m_database.statement("list_blocks");
    auto remove = m_database.statement("delete_blocks");
    if (!list || !remove)
        return list ? remove.error() : list.error();
    if (auto done = (*list)->bind(":call", call.row).exec(); !done)
        return done;
    std::vector<BlockBuilder> merged(1);
    const auto take = [&merged](const BlockEvent& event) {
        const BlockBuilder& last = merged.back();
        if (!last.isEmpty() && (last.rawBytes() >= kMergedBytes || event.seq != last.nextSeq()))
            merged.emplace_back();
        merged.back().add(event);
        return true;
    };
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next()) {
        const BlockHead head{static_cast<std::uint32_t>((*list)->number(0)),
                             static_cast<std::uint32_t>((*list)->number(1)), fromMicros((*list)->number(2))};
        const auto raw = m_compression.unpack(static_cast<Codec>((*list)->number(4)), (*list)->blob(5),
                                              static_cast<std::uint64_t>((*list)->number(3)));
        if (auto done = raw ? forEachEvent(head, *raw, take) : Result<void>(raw.error()); !done)
            return done;
    }
    (*list)->finish();
    if (!row)
        return row.error();
    if (auto done = (*remove)->bind(":call", call.row).run(); !done)
        return done;
    for (const BlockBuilder& block : merged) {
        if (auto done = insertBlock(call.row, block, kSmallLevel); !done)
            return done;
    }
    return {};
}

Result<void> CallRecorder::updateEnded(Call& call, const CallEnded& event)
{
    std::optional<std::int64_t> reply;
    if (!event.reply.empty()) {
        const auto stored = m_contents.put(event.reply);
        if (!stored)
            return stored.error();
        reply = *stored;
    }
    auto update = m_database.statement("update_call_ended");
    if (!update)
        return update.error();
    (*update)
        ->bind(":call", call.row)
        .bind(":status", static_cast<std::int64_t>(event.status))
        .bind(":http_status", std::int64_t{event.httpStatus})
        .bind(":stop_reason", static_cast<std::int64_t>(event.stopReason))
        .bindText(":raw_stop_reason", event.rawStopReason)
        .bindText(":model", event.model)
        .bind(":first_byte", microsOf(event.firstByteAt))
        .bind(":first_token", microsOf(event.firstTokenAt))
        .bind(":at", toMicros(event.at))
        .bind(":held_policy", std::int64_t{event.heldByPolicy.count()})
        .bind(":held_person", std::int64_t{event.heldByPerson.count()});
    (*update)
        ->bind(":input_tokens", event.usage.input)
        .bind(":output_tokens", event.usage.output)
        .bind(":cache_read_tokens", event.usage.cacheRead)
        .bind(":cache_write_tokens", event.usage.cacheWrite)
        .bind(":reasoning_tokens", event.usage.reasoning)
        .bind(":request_bytes", static_cast<std::int64_t>(event.request.bytes))
        .bind(":request_changed_bytes", static_cast<std::int64_t>(event.request.changedBytes))
        .bindBlob(":request_sha256", asBytes(event.request.sha256))
        .bind(":response_bytes", static_cast<std::int64_t>(event.response.bytes))
        .bind(":response_changed_bytes", static_cast<std::int64_t>(event.response.changedBytes))
        .bindBlob(":response_sha256", asBytes(event.response.sha256))
        .bind(":reply", reply)
        .bindText(":error", event.error);
    if (auto done = (*update)->run(); !done)
        return done;
    return insertModel(call.sessionRow, event.model);
}

Result<void> CallRecorder::updateSessionEnded(const Call& call, const CallEnded& event)
{
    auto update = m_database.statement("update_session_ended");
    if (!update)
        return update.error();
    return (*update)
        ->bind(":session", call.sessionRow)
        .bind(":turns", std::int64_t{isTurn(event)})
        .bind(":at", toMicros(event.at))
        .bind(":status", static_cast<std::int64_t>(event.status))
        .bind(":input_tokens", event.usage.input.value_or(0))
        .bind(":output_tokens", event.usage.output.value_or(0))
        .run();
}

void CallRecorder::endAbandoned()
{
    auto list = m_database.statement("list_open_call_ids");
    if (!list) {
        failed(list.error());
        return;
    }
    if (failed((*list)->exec()))
        return;
    std::vector<CallId> ids;
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next()) {
        const std::string uid = (*list)->blob(0);
        std::array<std::uint8_t, 16> bytes{};
        std::copy_n(uid.begin(), std::min(uid.size(), bytes.size()), bytes.begin());
        ids.emplace_back(bytes);
    }
    (*list)->finish();
    if (!row)
        failed(row.error());
    for (const CallId& id : ids)
        endAbandonedCall(id);
}

void CallRecorder::endAbandonedCall(CallId id)
{
    const Call* const call = m_status ? find(id) : nullptr;
    auto last = m_database.statement("get_last_event_time");
    if (call == nullptr || failed(last ? Result<void>() : last.error()))
        return;
    const auto at = (*last)->bind(":call", call->row).firstNumber();
    if (failed(at ? Result<void>() : at.error()))
        return;
    CallEnded event;
    event.call = id;
    event.at = fromMicros(at->value_or(0));
    event.status = CallStatus::Truncated;
    event.error = kAbandoned;
    ended(event);
}

Result<std::optional<CommitNotice>> CallRecorder::commit()
{
    if (!m_status)
        return m_status.error();
    if (!m_inTransaction)
        return std::optional<CommitNotice>();
    auto bump = m_database.statement("update_store_state");
    if (!bump)
        return bump.error();
    const auto number = (*bump)->bind(":new_sessions", m_newSessions).firstNumber();
    if (!number)
        return number.error();
    if (auto done = m_database.commit(); !done)
        return done.error();
    m_inTransaction = false;
    m_newSessions = 0;
    CommitNotice notice;
    notice.number = static_cast<std::uint64_t>(number->value_or(0));
    for (auto& [id, touched] : m_touched)
        notice.calls.push_back(std::move(touched));
    m_touched.clear();
    return std::optional(std::move(notice));
}

std::optional<JournalPosition> CallRecorder::oldestWaiting(int producer) const
{
    std::optional<JournalPosition> oldest;
    const auto consider = [&oldest](const JournalPosition& position) {
        if (!oldest || position < *oldest)
            oldest = position;
    };
    for (const auto& [id, call] : m_calls) {
        if (call.producer != producer)
            continue;
        if (!call.waiting.isEmpty())
            consider(call.waitingFrom);
        for (const auto& partial : call.partial) {
            if (partial)
                consider(partial->from);
        }
    }
    return oldest;
}

} // namespace luthien::store
