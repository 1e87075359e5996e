// SPDX-License-Identifier: Apache-2.0
#include "store/call_recorder.h"

#include "base/logging.h"
#include "store/database.h"
#include "store/journal_record.h"

namespace luthien::store {

using namespace conversation;

namespace {
constexpr std::size_t kBlockBytes = 64 << 10; // raw; a fuller block does not wait
/// Of an event in parts; more than any has that can be understood, and than any recorded by this release.
constexpr std::size_t kMaxHeldBytes = 32 << 20;
constexpr std::uint64_t kCallCost = 4096; // what ending a call takes besides its bytes, in such bytes
constexpr std::string_view kRejected = "the database refused a part of this call; the rest of it is set aside";
constexpr std::string_view kAbandoned = "the program stopped while this call was open";
} // namespace

CallRecorder::CallRecorder(Database& database, EvidenceChain& evidence, const Remembered& remembered,
                           ReadCutCall readCutCall)
    : m_database(database)
    , m_evidence(evidence)
    , m_readCutCall(std::move(readCutCall))
    , m_tables(database, evidence, remembered)
    , m_rejected(database)
{
}

void CallRecorder::writeOneByOne() noexcept
{
    m_tables.blocks().writeOneByOne();
    m_database.sendAtOnce();
}

void CallRecorder::apply(std::string_view record, int producer, const JournalPosition& position)
{
    m_producer = producer;
    m_position = position;
    const CallId call = callOf(record);
    if (m_rejected.contains(call)) {
        if (m_status && !failed(begin()))
            failed(m_rejected.keep(call, producer, position, record));
        return;
    }
    m_writing = call;
    if (!decode(record, *this))
        qCWarning(lcStore, "a journal record is of no known kind; left out");
    m_writing = {};
}

bool CallRecorder::failed(const Result<void>& done)
{
    if (!done && m_status) {
        m_status = done;
        m_failedCall = m_tables.blocks().isBatching() ? CallId() : m_writing; // it may be about another's block
    }
    return !done;
}

Result<void> CallRecorder::begin()
{
    if (m_inTransaction)
        return {};
    auto begun = m_database.begin();
    m_inTransaction = begun.hasValue();
    if (begun && m_database.traits().isShared)
        begun = beginShared();
    m_evidence.begin();
    return begun;
}

Result<void> CallRecorder::beginShared()
{
    auto lock = m_database.statement("lock_contents");
    auto get = m_database.statement("get_other_removals");
    if (!lock || !get)
        return lock ? get.error() : lock.error();
    if (const auto locked = (*lock)->firstNumber(); !locked)
        return locked.error();
    const auto removals = (*get)->firstNumber(); // not before the lock is held
    if (!removals)
        return removals.error();
    if (removals->value_or(0) != m_otherRemovals)
        m_tables.forgetAll();
    m_otherRemovals = removals->value_or(0);
    return {};
}

void CallRecorder::opened(const CallOpened& event)
{
    if (!m_status || m_calls.contains(event.call) || failed(begin()))
        return;
    auto call = m_tables.insert(event);
    if (!call) {
        failed(call.error());
        return;
    }
    if (!*call)
        return; // read again from a journal
    m_newSessions += (*call)->beginsSession ? 1 : 0;
    touch(event.call, m_calls.emplace(event.call, Call(std::move(**call), m_producer)).first->second);
}

void CallRecorder::request(const RequestRecorded& event)
{
    Call* const call = m_status ? find(event.call) : nullptr;
    if (call == nullptr || call->status != CallStatus::Open || event.seq < nextSeq(*call) || failed(begin()))
        return;
    const auto changed = m_tables.insertRequest(*call, event);
    if (!changed) {
        failed(changed.error());
        return;
    }
    for (const CallId& other : *changed)
        touch(other);
    touch(event.call, *call);
    take(event.call, *call, {event.seq, event.at, event.direction, WireKind::Request, {}}, false);
}

void CallRecorder::wire(const WireEvent& event)
{
    Call* const call = m_status ? find(event.call) : nullptr;
    if (call == nullptr || call->status != CallStatus::Open || event.seq < nextSeq(*call))
        return;
    take(event.call, *call, {event.seq, event.at, event.direction, event.kind, event.bytes}, event.partial);
}

void CallRecorder::decided(const Decision& decision)
{
    const Call* const call = m_status ? find(decision.call) : nullptr;
    if (call == nullptr || call->status != CallStatus::Open || failed(begin()))
        return;
    if (!failed(m_tables.insertDecision(*call, decision)))
        touch(decision.call, *call);
}

void CallRecorder::take(CallId id, Call& call, const BlockEvent& event, bool partial)
{
    if (call.held.empty() && !partial) {
        add(id, call, event);
        return;
    }
    const auto [place, isNew] = call.held.try_emplace(event.seq);
    Held& held = place->second;
    if (isNew)
        held.from = m_position;
    held.at = event.at;
    held.direction = event.direction;
    held.kind = event.kind;
    if (held.bytes.size() + event.bytes.size() > kMaxHeldBytes) {
        m_status = Error{ErrorCode::TooLarge, "an event of this call is larger than one may be", id.toString()};
        m_failedCall = id;
        return;
    }
    held.bytes += event.bytes;
    held.whole = !partial;
    while (!call.held.empty() && call.held.begin()->second.whole)
        releaseFirst(id, call);
}

void CallRecorder::releaseFirst(CallId id, Call& call)
{
    const auto first = call.held.extract(call.held.begin());
    const Held& held = first.mapped();
    const JournalPosition here = std::exchange(m_position, held.from);
    add(id, call, {first.key(), held.at, held.direction, held.kind, held.bytes});
    m_position = here;
}

void CallRecorder::releaseAll(CallId id, Call& call)
{
    while (!call.held.empty()) // an event whose rest never came keeps what there is of it
        releaseFirst(id, call);
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
    auto loaded = m_tables.find(id);
    if (!loaded) {
        failed(loaded.error());
        return nullptr;
    }
    if (!*loaded)
        return nullptr;
    if ((*loaded)->status != CallStatus::Open) {
        m_over = Call(std::move(**loaded), m_producer); // read again from a journal; nothing more is kept of it
        return &m_over;
    }
    return &m_calls.emplace(id, Call(std::move(**loaded), m_producer)).first->second;
}

void CallRecorder::touch(CallId id)
{
    if (const auto found = m_calls.find(id); found != m_calls.end()) {
        touch(id, found->second);
        return;
    }
    const auto stored = m_tables.find(id);
    if (!failed(stored ? Result<void>() : stored.error()) && *stored)
        touch(id, **stored);
}

void CallRecorder::touch(CallId id, const StoredCall& call)
{
    m_touched[id] = {id, call.session, call.storedSeq == 0 ? 0 : call.storedSeq - 1, call.storedSeq != 0, call.status};
}

void CallRecorder::add(CallId id, Call& call, const BlockEvent& event)
{
    const bool hasGap = !call.waiting.isEmpty() && event.seq != call.waiting.nextSeq();
    if (hasGap && failed(flush(id, call, CallTables::BlockUse::Passing)))
        return;
    if (call.waiting.isEmpty()) {
        call.waitingSince = std::chrono::steady_clock::now();
        call.waitingFrom = m_position;
    }
    call.waitingFrom = std::min(call.waitingFrom, m_position); // a held event began before others
    call.waiting.add(event);
    if (call.waiting.rawBytes() >= kBlockBytes)
        failed(flush(id, call, CallTables::BlockUse::Passing));
}

void CallRecorder::flush(SteadyPoint before)
{
    for (auto& [id, call] : m_calls) {
        if (!m_status || call.waiting.isEmpty() || call.waitingSince > before)
            continue;
        m_writing = id;
        failed(flush(id, call, CallTables::BlockUse::Passing));
    }
    m_writing = {};
}

Result<void> CallRecorder::flush(CallId id, Call& call, CallTables::BlockUse use)
{
    if (call.waiting.isEmpty())
        return {};
    if (auto begun = begin(); !begun)
        return begun;
    call.blockDigests.clear();
    if (auto done = m_tables.insertBlock(call, call.waiting, use); !done)
        return done;
    ++call.blocks;
    call.storedSeq = call.waiting.nextSeq();
    call.waiting.clear();
    touch(id, call);
    return {};
}

Result<void> CallRecorder::end(CallId id, Call& call, const CallEnded& event)
{
    releaseAll(id, call);
    const std::uint32_t seq = std::max(event.seq, nextSeq(call));
    add(id, call, {seq, event.at, Direction::Received, WireKind::End, {}});
    if (!m_status)
        return m_status;
    const auto use = call.blocks == 0 ? CallTables::BlockUse::Final : CallTables::BlockUse::Passing;
    if (auto done = flush(id, call, use); !done)
        return done;
    if (call.blocks > 1) {
        if (auto done = m_tables.merge(call); !done)
            return done;
    }
    call.status = event.status;
    if (auto done = m_tables.updateEnded(call, event); !done)
        return done;
    return m_tables.updateSessionEnded(call, event);
}

bool CallRecorder::endAbandoned(std::uint64_t mostBytes)
{
    if (!m_abandoned)
        listAbandoned();
    std::uint64_t bytes = 0;
    while (m_status && !m_abandoned->empty() && bytes < mostBytes) {
        m_writing = m_abandoned->back();
        m_abandoned->pop_back();
        if (!m_rejected.contains(m_writing))
            bytes += endAbandonedCall(m_writing);
    }
    m_writing = {};
    return m_abandoned->empty();
}

void CallRecorder::listAbandoned()
{
    m_abandoned.emplace();
    auto list = m_database.statement("list_open_call_ids");
    if (!failed(list ? Result<void>() : list.error()))
        failed((*list)->each([this](const Statement& row) { m_abandoned->push_back(row.id(0)); }));
}

std::uint64_t CallRecorder::endAbandonedCall(CallId id)
{
    Call* const call = m_status ? find(id) : nullptr;
    if (call == nullptr)
        return 0;
    releaseAll(id, *call);
    if (!m_status || failed(flush(id, *call, CallTables::BlockUse::Passing)))
        return 0;
    const auto asked = m_tables.asked(*call);
    if (failed(asked ? Result<void>() : asked.error()))
        return 0;
    const std::unique_ptr<CutCall> reading = m_readCutCall ? m_readCutCall(*asked) : nullptr;
    std::uint64_t bytes = kCallCost;
    auto end = cutShort(id, *call, kAbandoned, [&](const WireEvent& event) {
        bytes += event.bytes.size();
        if (reading)
            reading->read(event);
    });
    if (failed(end ? Result<void>() : end.error()))
        return bytes;
    if (reading)
        reading->describe(*end);
    ended(*end);
    return bytes;
}

Result<CallEnded> CallRecorder::cutShort(CallId id, const StoredCall& call, std::string_view why,
                                         const std::function<void(const WireEvent&)>& read)
{
    const auto at = m_tables.eachEvent(call, read);
    if (!at)
        return at.error();
    CallEnded event;
    event.call = id;
    event.at = *at;
    event.status = CallStatus::Truncated;
    event.error = why;
    return event;
}

void CallRecorder::reject(CallId id, const Error& why)
{
    if (failed(begin()) || failed(m_rejected.add(id, why)))
        return;
    auto call = m_tables.find(id);
    if (!call || !*call || (*call)->status != CallStatus::Open)
        return;
    if (failed(m_database.run(QStringLiteral("SAVEPOINT closing"))))
        return;
    // What its events say may be just what was refused.
    const auto event = cutShort(id, **call, kRejected, [](const WireEvent&) {});
    auto done = event ? m_tables.updateEnded(**call, *event) : Result<void>(event.error());
    if (done)
        done = m_tables.updateSessionEnded(**call, *event);
    if (!done) { // the database may refuse that, too
        qCWarning(lcStore, "call %s stays open: %s", id.toString().c_str(), done.error().toString().c_str());
        failed(m_database.run(QStringLiteral("ROLLBACK TO closing")));
        m_tables.forgetAll(); // what was written since is gone, and so is the link
        m_evidence.begin();
        return;
    }
    (*call)->status = CallStatus::Truncated;
    touch(id, **call);
}

Result<std::optional<CommitNotice>> CallRecorder::commit()
{
    if (!m_status)
        return m_status.error();
    if (!m_inTransaction)
        return std::optional<CommitNotice>();
    if (auto finished = m_tables.finish(); !finished)
        return finished.error();
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
    CommitNotice notice{.number = static_cast<std::uint64_t>(number->value_or(0)), .evidenceHead = m_evidence.newest()};
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
        for (const auto& [seq, held] : call.held)
            consider(held.from);
    }
    return oldest;
}

} // namespace luthien::store
