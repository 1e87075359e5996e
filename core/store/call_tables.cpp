// SPDX-License-Identifier: Apache-2.0
#include "store/call_tables.h"

#include "base/logging.h"
#include "store/database.h"

#include <algorithm>
#include <vector>

namespace luthien::store {

using namespace conversation;

namespace {
constexpr std::size_t kMaxNameBytes = 512; // in a session's lists; PostgreSQL's indexes hold no more than 2704
constexpr int kFastLevel = 1;              // of compression
constexpr int kSmallLevel = 3;
// Raw, without the last entry of the table: so a block is no more than 1 MiB, a value that every database takes whole.
constexpr std::size_t kMergedBytes = (1 << 20) - 64;

std::optional<std::int64_t> microsOf(const std::optional<TimePoint>& time)
{
    return time ? std::optional(toMicros(*time)) : std::nullopt;
}

/// Whether there is a new row.
Result<bool> inserted(Statement& insert)
{
    const auto row = insert.firstNumber();
    return row ? Result<bool>(row->has_value()) : row.error();
}

/// The same where it cannot be there yet.
Result<bool> posted(Statement& insert)
{
    const auto done = insert.post();
    return done ? Result<bool>(true) : done.error();
}

/// A reply after which the next word is a person's.
bool isTurn(const CallEnded& event)
{
    return event.status == CallStatus::Completed && event.stopReason != StopReason::None &&
           event.stopReason != StopReason::ToolUse && event.stopReason != StopReason::PauseTurn;
}
} // namespace

CallTables::CallTables(Database& database, EvidenceChain& evidence, const Remembered& remembered)
    : m_database(database)
    , m_mostNames(remembered.names)
    , m_contents(database, remembered)
    , m_evidence(evidence)
    , m_decisions(database, m_contents, m_evidence)
    , m_chains(database, remembered)
    , m_blocks(database)
{
}

Result<std::optional<StoredCall>> CallTables::find(CallId id)
{
    if (auto flushed = m_blocks.flush(); !flushed)
        return flushed.error();
    auto find = m_database.statement("find_call");
    if (!find)
        return find.error();
    if (auto done = (*find)->bindId(":uid", id).exec(); !done)
        return done.error();
    const auto row = (*find)->next();
    if (!row)
        return row.error();
    std::optional<StoredCall> call;
    if (*row) {
        call.emplace();
        call->row = (*find)->number(0);
        call->sessionRow = (*find)->number(1);
        call->session = (*find)->text(2);
        call->status = static_cast<CallStatus>((*find)->number(3));
        call->storedSeq = static_cast<std::uint32_t>((*find)->number(4));
        call->blocks = (*find)->number(5);
        call->startedAt = fromMicros((*find)->number(6));
        call->isOurs = (*find)->number(7) != 0;
        call->blockBytes = (*find)->number(8);
    }
    (*find)->finish();
    return call;
}

Result<std::optional<StoredCall>> CallTables::insert(const CallOpened& event)
{
    auto session = m_database.statement("upsert_session");
    auto insertCall = m_database.statement("insert_call");
    if (!session || !insertCall)
        return session ? insertCall.error() : session.error();
    const Identity& who = event.identity;
    auto done = (*session)
                    ->bindText(":uid", who.session)
                    .bindText(":client", who.client)
                    .bindText(":preview", event.preview)
                    .bind(":at", toMicros(event.at))
                    .bindId(":call", event.call)
                    .post();
    if (!done)
        return done.error();
    (*insertCall)
        ->bindId(":uid", event.call)
        .bindText(":session", who.session)
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
        .bindOptionalId(":cause", event.cause)
        .bindText(":cause_policy", event.causePolicy);
    if (done = (*insertCall)->exec(); !done)
        return done.error();
    const auto row = (*insertCall)->next();
    if (!row || !*row)
        return row ? Result<std::optional<StoredCall>>(std::nullopt) : row.error();
    StoredCall call;
    call.row = (*insertCall)->number(0);
    call.sessionRow = (*insertCall)->number(1);
    call.beginsSession = (*insertCall)->number(2) == 1;
    (*insertCall)->finish();
    call.session = who.session;
    call.startedAt = event.at;
    call.isOurs = !event.cause.isNil();
    call.requestDigests.emplace();
    auto stored = insertModel(call, event.model);
    if (stored)
        stored = insertName("insert_session_agent", call.sessionRow, who.agent);
    return stored ? Result<std::optional<StoredCall>>(std::move(call)) : stored.error();
}

Result<void> CallTables::insertModel(const StoredCall& call, std::string_view model)
{
    return call.isOurs ? Result<void>() : insertName("insert_session_model", call.sessionRow, model);
}

Result<void> CallTables::insertName(const char* queryName, std::int64_t sessionRow, std::string_view whole)
{
    const std::string_view name = whole.substr(0, kMaxNameBytes);
    if (m_names.size() >= m_mostNames)
        m_names.clear();
    if (name.empty() || !m_names.emplace(queryName, sessionRow, name).second)
        return {};
    auto statement = m_database.statement(queryName);
    if (!statement)
        return statement.error();
    return (*statement)->bind(":session", sessionRow).bindText(":name", name).post();
}

Result<std::vector<CallId>> CallTables::insertRequest(StoredCall& call, const RequestRecorded& event)
{
    m_contents.setOwner(call.sessionRow);
    auto body = m_contents.putBody(event.body, event.messages);
    if (!body && body.error().code == ErrorCode::InvalidArgument) {
        qCWarning(lcStore, "a request is kept whole: %s", body.error().message.c_str());
        body = m_contents.putBody(event.body, {});
    }
    const Digest headersHash = Sha256::of(event.head);
    const auto headers = m_contents.put(event.head, headersHash);
    auto insertRow = m_database.statement("insert_request");
    if (!body || !headers || !insertRow)
        return !body ? body.error() : !headers ? headers.error() : insertRow.error();
    (*insertRow)
        ->bind(":call", call.row)
        .bind(":seq", std::int64_t{event.seq})
        .bind(":direction", static_cast<std::int64_t>(event.direction))
        .bind(":at", toMicros(event.at))
        .bind(":headers", *headers)
        .bind(":opening", body->opening)
        .bind(":head_node", body->head)
        .bind(":closing", body->closing)
        .bind(":raw_bytes", static_cast<std::int64_t>(event.body.size()));
    const auto isNew = call.requestDigests ? posted(**insertRow) : inserted(**insertRow);
    if (!isNew)
        return isNew.error();
    if (!*isNew)
        return std::vector<CallId>(); // replayed
    if (call.requestDigests) {
        body->hashes.insert(body->hashes.begin(), headersHash);
        call.requestDigests->push_back({event.seq, event.direction, digestOf(body->hashes)});
    }
    if (event.seq != 0)
        return std::vector<CallId>(); // not what the client asked
    auto freshness = m_chains.add(call.sessionRow, {toMicros(call.startedAt), call.row}, body->meanings);
    auto update = m_database.statement("update_call_request");
    if (!freshness || !update)
        return freshness ? update.error() : freshness.error();
    const auto done = (*update)
                          ->bind(":call", call.row)
                          .bind(":message_count", static_cast<std::int64_t>(body->meanings.size()))
                          .bind(":fresh_from", static_cast<std::int64_t>(freshness->known))
                          .bind(":head_node", body->head)
                          .post();
    return done ? Result<std::vector<CallId>>(std::move(freshness->corrected)) : done.error();
}

Result<void> CallTables::insertBlock(StoredCall& call, const BlockBuilder& block, BlockUse use)
{
    const std::string raw = block.raw();
    const Packed packed = m_compression.packBlock(raw, use == BlockUse::Final ? kSmallLevel : kFastLevel);
    const StoredBlock stored{{block.firstSeq(), block.events(), block.start()}, raw.size(), packed.codec, packed.bytes};
    if (use == BlockUse::Final)
        call.blockDigests.push_back(digestOf(stored));
    call.blockBytes += static_cast<std::int64_t>(packed.bytes.size());
    return m_blocks.insert(call.row, stored);
}

Result<void> CallTables::merge(StoredCall& call)
{
    if (auto flushed = m_blocks.flush(); !flushed)
        return flushed;
    call.blockDigests.clear();
    call.blockBytes = 0;
    BlockBuilder open;
    for (std::optional<std::uint32_t> seq = 0; seq;) {
        const auto next = mergeSome(call, *seq, open);
        if (!next)
            return next.error();
        seq = *next;
    }
    return insertBlock(call, open, BlockUse::Final);
}

Result<CutCallAsked> CallTables::asked(const StoredCall& call)
{
    auto get = m_database.statement("get_asked");
    if (!get)
        return get.error();
    CutCallAsked asked;
    const auto done = (*get)->bind(":call", call.row).each([&asked](const Statement& row) {
        asked.api = static_cast<Api>(row.number(0));
        asked.stream = row.number(1) != 0;
        asked.model = row.text(2);
    });
    return done ? Result<CutCallAsked>(std::move(asked)) : done.error();
}

Result<TimePoint> CallTables::eachEvent(const StoredCall& call, const std::function<void(const WireEvent&)>& take)
{
    if (auto flushed = m_blocks.flush(); !flushed)
        return flushed.error();
    TimePoint at = call.startedAt;
    std::optional<std::uint32_t> expected = 0; // none = something was missing
    const auto takeEvent = [&](const BlockEvent& event) {
        at = std::max(at, event.at);
        if (expected != event.seq)
            expected.reset();
        if (expected) {
            take({.seq = event.seq,
                  .at = event.at,
                  .direction = event.direction,
                  .kind = event.kind,
                  .bytes = event.bytes});
            expected = event.seq + 1;
        }
        return true;
    };
    const auto takeBlock = [&](const StoredBlock& block) -> Result<void> {
        at = std::max(at, block.head.start);
        const auto raw = m_compression.unpack(block.codec, std::string(block.data), block.rawBytes);
        if (!raw || !forEachEvent(block.head, *raw, takeEvent))
            expected.reset(); // of a damaged one its beginning is known
        return {};
    };
    for (std::optional<std::uint32_t> seq = 0; seq;) {
        const auto next = forSomeBlocks(m_database, call.row, *seq, takeBlock);
        if (!next)
            return next.error();
        seq = *next;
    }
    return at;
}

/// As forSomeBlocks; open = what was taken out of the table before and is not full yet.
Result<std::optional<std::uint32_t>> CallTables::mergeSome(StoredCall& call, std::uint32_t seq, BlockBuilder& open)
{
    auto remove = m_database.statement("delete_blocks");
    if (!remove)
        return remove.error();
    std::vector<BlockBuilder> full;
    const auto add = [&](const BlockEvent& event) {
        const bool isFull = open.rawBytes() + event.bytes.size() > kMergedBytes;
        if (!open.isEmpty() && (isFull || event.seq != open.nextSeq()))
            full.push_back(std::exchange(open, {}));
        open.add(event);
        return true;
    };
    std::uint32_t until = seq;
    auto next = forSomeBlocks(m_database, call.row, seq, [&](const StoredBlock& block) {
        until = block.head.seq + block.head.events;
        const auto raw = m_compression.unpack(block.codec, std::string(block.data), block.rawBytes);
        return raw ? forEachEvent(block.head, *raw, add) : Result<void>(raw.error());
    });
    if (!next)
        return next;
    (*remove)->bind(":call", call.row).bind(":from", std::int64_t{seq}).bind(":until", std::int64_t{until});
    if (auto done = (*remove)->post(); !done)
        return done.error();
    for (const BlockBuilder& block : full) {
        if (auto done = insertBlock(call, block, BlockUse::Final); !done)
            return done.error();
    }
    return next;
}

Result<void> CallTables::finish()
{
    auto flushed = m_blocks.flush();
    return flushed ? m_contents.sizes().write(m_database) : flushed;
}

void CallTables::forget(const Forgotten& forgotten)
{
    m_contents.forget(forgotten);
    m_names.clear();
    for (const std::int64_t session : forgotten.sessions)
        m_chains.forget(session);
}

void CallTables::forgetAll()
{
    m_contents.forgetAll();
    m_names.clear();
    m_chains.forgetAll();
}

Result<std::optional<std::int64_t>> CallTables::putReply(std::string_view reply)
{
    if (reply.empty())
        return std::optional<std::int64_t>();
    const auto row = m_contents.put(reply);
    return row ? Result<std::optional<std::int64_t>>(*row) : row.error();
}

Result<Digest> CallTables::recorded(const StoredCall& call)
{
    if (call.requestDigests && !call.blockDigests.empty())
        return recordedDigest(*call.requestDigests, call.blockDigests);
    auto flushed = m_blocks.flush();
    return flushed ? recordedDigest(m_database, call.row) : flushed.error();
}

Result<void> CallTables::updateEnded(const StoredCall& call, const CallEnded& event)
{
    m_contents.setOwner(call.sessionRow);
    m_contents.sizes().add(call.sessionRow, call.blockBytes);
    const auto reply = putReply(event.reply);
    const auto sentReply = putReply(event.sentReply);
    const auto digest = recorded(call);
    auto update = m_database.statement("update_call_ended");
    if (!reply || !sentReply)
        return reply ? sentReply.error() : reply.error();
    if (!digest || !update)
        return digest ? update.error() : digest.error();
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
        .bind(":reply", *reply)
        .bind(":sent_reply", *sentReply)
        .bind(":cost", event.costNanoUsd)
        .bindBlob(":recorded", asBytes(*digest))
        .bindText(":error", event.error);
    if (auto done = (*update)->post(); !done)
        return done;
    if (auto done = insertModel(call, event.model); !done)
        return done;
    return m_evidence.add(EvidenceKind::Call, call.row);
}

Result<void> CallTables::updateSessionEnded(const StoredCall& call, const CallEnded& event)
{
    auto update = m_database.statement("update_session_ended");
    if (!update)
        return update.error();
    return (*update)
        ->bind(":session", call.sessionRow)
        .bind(":is_ours", std::int64_t{call.isOurs})
        .bind(":turns", std::int64_t{!call.isOurs && isTurn(event)})
        .bind(":at", toMicros(event.at))
        .bind(":status", static_cast<std::int64_t>(event.status))
        .bind(":input_tokens", event.usage.input.value_or(0))
        .bind(":output_tokens", event.usage.output.value_or(0))
        .bind(":cost", event.costNanoUsd)
        .post();
}

} // namespace luthien::store
