// SPDX-License-Identifier: Apache-2.0
#include "store/writer_thread.h"

#include "base/logging.h"
#include "store/call_recorder.h"
#include "store/database.h"
#include "store/evidence.h"
#include "store/index_turns.h"
#include "store/instance.h"

#include <algorithm>
#include <utility>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kTick = 25ms;
constexpr auto kIndexTick = 10ms;                // while the search index has more to take in
constexpr auto kLastIndexTurns = 500ms;          // before the end
constexpr std::uint64_t kMaxTickBytes = 8 << 20; // of one journal, or of calls left open, in one transaction
// PostgreSQL keeps every version of a row until the transaction ends, and walks them: a session is updated often.
constexpr std::uint64_t kMaxSharedTickBytes = 128 << 10;
constexpr auto kBallastInterval = 30s;
constexpr auto kPartitionInterval = 1h;
constexpr int kMaxRefusals = 5; // a call that fails so often in a row is set aside

/// Everything before it is in the database once the recorder commits.
JournalPosition writtenUpTo(const CallRecorder& recorder, const JournalReader& reader)
{
    return recorder.oldestWaiting(reader.producer()).value_or(reader.position());
}

/// A server's silence is ended, and told, by its connection's own watch, which is to be first. Journals are on a disk.
WriterWatch::Limits watchLimits(const StoreConfig& config)
{
    return {.writer = config.location().isSqlite() ? config.answerLimit : 2 * config.answerLimit,
            .journals = config.answerLimit};
}

bool isRefusal(const Error& error)
{
    return error.code == ErrorCode::InvalidInput || error.code == ErrorCode::TooLarge;
}
} // namespace

WriterThread::WriterThread(StoreConfig config, std::shared_ptr<JournalBudget> budget,
                           std::unique_ptr<JournalSet> journals)
    : m_config(std::move(config))
    , m_budget(std::move(budget))
    , m_ballast(m_config.directory / "ballast", m_config.location().isSqlite() ? m_config.ballastBytes : 0)
    , m_journals(std::move(journals))
    , m_condition(m_config.location().isSqlite() ? StoreCondition::Server::None : StoreCondition::Server::Shared,
                  m_config.metrics)
    , m_watch(watchLimits(m_config), m_budget, [this](std::chrono::milliseconds since) { silent(since); })
    , m_evidenceKey(m_config.evidenceKey)
    , m_breaker(m_config.breaker)
{
    setObjectName(QStringLiteral("store writer"));
}

WriterThread::~WriterThread()
{
    stop();
}

void WriterThread::onCommit(std::function<void(const CommitNotice&)> callback)
{
    const std::lock_guard lock(m_mutex);
    m_callback = std::move(callback);
}

void WriterThread::write(Errands::Work work, WriteDone done, Errands::Patience patience)
{
    if (!m_errands.add(std::move(work), std::move(done), patience))
        return;
    const std::lock_guard lock(m_mutex); // else the thread may have looked just before, and not wait yet
    m_wake.notify_one();
}

void WriterThread::setEvidenceKey(std::shared_ptr<const EvidenceKey> key)
{
    const std::lock_guard lock(m_mutex);
    m_evidenceKey = std::move(key);
}

void WriterThread::writeSession(std::string id, std::function<Result<SessionWritten>(Database&, std::string_view)> work,
                                WriteDone done)
{
    const auto outcome = std::make_shared<SessionWritten>();
    write(
        [id, work = std::move(work), outcome](Database& database) -> Result<void> {
            auto written = work(database, id);
            if (!written)
                return written.error();
            *outcome = *std::move(written);
            return {};
        },
        [this, id, outcome, done = std::move(done)](const Result<void>& written) {
            if (written && !outcome->refusal) {
                m_rounds.want();
                announce({.number = outcome->commit, .calls = {}, .sessions = {id}});
            }
            if (done)
                done(written && outcome->refusal ? *outcome->refusal : written);
        });
}

Result<void> WriterThread::flush(std::chrono::milliseconds deadline)
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t wanted = ++m_flushWanted;
    m_wake.notify_one();
    m_flushed.wait_for(lock, deadline, [&] { return m_flushDone >= wanted || m_stopping; });
    if (m_flushDone >= wanted)
        return {};
    if (m_stopping)
        return Error{ErrorCode::Unavailable, "the store is closed; what is not in the database is kept in the journal",
                     "store"};
    return Error{ErrorCode::Timeout, "what was recorded is not in the database yet; it is kept in the journal",
                 "store"};
}

void WriterThread::stop()
{
    m_errands.close();
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        if (m_watched != nullptr)
            m_watched->watch(std::min(m_config.answerLimit, kLastAnswer));
        m_wake.notify_one();
        m_flushed.notify_all();
    }
    join();
}

void WriterThread::work()
{
    m_watch.writer().begins();
    m_ballast.restore();
    m_begun = std::chrono::steady_clock::now();
    while (pause()) {
        m_watch.writer().begins();
        maintain();
        m_watch.writer().begins();
        advance(std::chrono::steady_clock::now());
        m_errands.run([this](const Errands::Work& work) { return carryOut(work); });
        m_watch.writer().begins();
        if (m_index && m_breaker.state() == Breaker::State::Closed)
            m_index->take(std::chrono::steady_clock::now(),
                          m_more ? IndexTurns::Writer::Busy : IndexTurns::Writer::Idle);
        if (m_removals && m_recovered && m_condition.state() == StoreState::Ok) {
            m_removals->take(std::chrono::steady_clock::now(), m_journals->readers());
            if (m_removals->isBusy())
                m_index->noteCommit(); // what it may have to take in anew
        }
        m_watch.writer().ends();
    }
    m_watch.writer().begins();
    m_errands.run([this](const Errands::Work& work) { return carryOut(work); }); // none is added any more
    if (m_index)
        m_index->finish(kLastIndexTurns);
    m_journals->removeDrained();
    disconnect();
    m_watch.writer().ends();
}

void WriterThread::disconnect()
{
    m_removals.reset(); // what uses the database goes before it
    m_index.reset();
    m_recorder.reset();
    m_evidence.reset();
    {
        const std::lock_guard lock(m_mutex);
        m_watched = nullptr;
    }
    m_database.reset();
}

bool WriterThread::mayConnect() const
{
    const std::lock_guard lock(m_mutex);
    return m_database || !m_stopping;
}

bool WriterThread::pause()
{
    std::unique_lock lock(m_mutex);
    const bool isPausing = m_breaker.isPausing(std::chrono::steady_clock::now());
    const bool hasWork = (m_index && m_index->waits()) || (m_removals && m_removals->isBusy());
    if (!m_more || isPausing)
        m_wake.wait_for(lock, hasWork ? kIndexTick : kTick, [&] { return m_stopping || (!isPausing && hasWishes()); });
    return !m_stopping;
}

void WriterThread::maintain()
{
    m_journals->maintain();
    const auto now = std::chrono::steady_clock::now();
    if (m_condition.state() == StoreState::Ok && now >= m_ballastAt) {
        m_ballast.restore();
        m_ballastAt = now + kBallastInterval;
    }
}

void WriterThread::advance(SteadyPoint now)
{
    const Breaker::State before = m_breaker.state();
    if (!mayConnect() || !m_breaker.mayAsk(now))
        return;
    m_condition.breakerMoved(before, m_breaker.state());
    if (const auto done = attempt(now); !done) {
        failed(done.error());
        return;
    }
    succeeded(now);
    const std::lock_guard lock(m_mutex); // only now: who is answered finds the state as it is, and may read
    m_flushDone = m_flushReached;
    m_flushed.notify_all();
}

Result<void> WriterThread::attempt(SteadyPoint now)
{
    m_hasCommitted = false;
    Result<void> done = connect();
    if (done && m_breaker.state() == Breaker::State::HalfOpen)
        done = m_recorder->begin(); // a commit even if nothing waits: that is the trial
    if (done && m_refusals >= kMaxRefusals)
        done = setAside();
    return done ? tick(now) : done;
}

Result<void> WriterThread::connect()
{
    if (m_database) {
        const std::lock_guard lock(m_mutex);
        m_evidence->setKey(m_evidenceKey);
        return {};
    }
    auto database = Database::open(m_config.location(), Access::ReadWrite);
    if (!database)
        return database.error();
    m_database = std::move(*database);
    m_evidence = std::make_unique<EvidenceChain>(*m_database);
    {
        const std::lock_guard lock(m_mutex);
        m_evidence->setKey(m_evidenceKey);
        m_watched = m_database.get();
        m_watched->watch(m_stopping ? std::min(m_config.answerLimit, kLastAnswer) : m_config.answerLimit);
    }
    if (auto joined = joinInstance(*m_database, m_config.directory); !joined)
        return joined;
    m_recorder = std::make_unique<CallRecorder>(*m_database, *m_evidence, m_config.remembered, m_config.readCutCall);
    m_index = std::make_unique<IndexTurns>(*m_database, m_config.readTexts);
    m_removals = std::make_unique<RemovalTurns>(*m_database, *m_evidence, *m_recorder, m_config, m_rounds,
                                                [this](const CommitNotice& notice) { announce(notice); });
    if (m_oneByOne)
        m_recorder->writeOneByOne();
    m_partitionsAt = {};
    return m_recorder->loadRejected();
}

Result<void> WriterThread::carryOut(const Errands::Work& work)
{
    m_watch.writer().begins();
    if (m_breaker.isPausing(std::chrono::steady_clock::now()))
        return Error{ErrorCode::Unavailable, "the database cannot be written now; try again soon",
                     m_condition.trouble()};
    if (!mayConnect())
        return Error{ErrorCode::Unavailable, "the store is closed", "store"};
    auto done = connect();
    const bool isConnected = done.hasValue();
    if (done)
        done = m_database->begin();
    if (done)
        done = work(*m_database);
    if (done)
        done = m_database->commit();
    if (!done && (!isConnected || isTrouble(done.error())))
        failed(done.error());
    else if (!done)
        m_database->rollback();
    return done;
}

Result<void> WriterThread::setAside()
{
    qCCritical(lcStore, "call %s is set aside, the database refuses it: %s", m_refusedCall.toString().c_str(),
               m_refusal.toString().c_str());
    m_refusals = 0;
    m_recorder->reject(std::exchange(m_refusedCall, {}), m_refusal);
    return commit();
}

Result<void> WriterThread::tick(SteadyPoint now)
{
    std::uint64_t flushWanted;
    {
        const std::lock_guard lock(m_mutex);
        flushWanted = m_flushWanted;
    }
    if (auto made = makePartitionsAhead(now); !made)
        return made;
    bool drained = true;
    for (JournalReader* const reader : m_journals->readers()) {
        m_watch.writer().begins(); // each is a step of its own: much work is not silence
        if (m_recovered || !reader->recovered())
            drained = read(*reader) && drained;
    }
    m_more = !drained || !m_recovered;
    m_watch.writer().begins();
    const bool recoveredNow =
        !m_recovered && drained && m_journals->areRecovered() && m_recorder->endAbandoned(mostTickBytes());
    const bool flushAll = recoveredNow || (m_recovered && flushWanted > 0 && drained && flushWanted != m_flushReached);
    m_recorder->flush(flushAll ? SteadyPoint::max() : now - m_config.blockInterval);
    const auto mayBeReleased = [this](const JournalReader* reader) {
        return writtenUpTo(*m_recorder, *reader) != reader->released();
    };
    if ((recoveredNow || m_removals->waitsForJournals()) && std::ranges::any_of(m_journals->readers(), mayBeReleased)) {
        // Even if nothing in the files was new: then they go now, and so do removed records.
        if (auto begun = m_recorder->begin(); !begun)
            return begun;
    }
    m_watch.writer().begins();
    if (auto done = commit(); !done)
        return done;
    if (m_recovered && drained)
        m_flushReached = flushWanted;
    if (recoveredNow && m_takenIn > 0)
        qCInfo(lcStore, "took in %llu records of an earlier run in %lld ms", static_cast<unsigned long long>(m_takenIn),
               static_cast<long long>((std::chrono::steady_clock::now() - m_begun) / 1ms));
    m_recovered = m_recovered || recoveredNow;
    return {};
}

Result<void> WriterThread::makePartitionsAhead(SteadyPoint now)
{
    if (now < m_partitionsAt)
        return {};
    m_partitionsAt = now + kPartitionInterval;
    const TimePoint today = SystemClock().now();
    auto made = m_database->makePartition(today);
    return made ? m_database->makePartition(today + std::chrono::hours(24)) : made;
}

std::uint64_t WriterThread::mostTickBytes() const
{
    return m_config.location().isSqlite() ? kMaxTickBytes : kMaxSharedTickBytes;
}

bool WriterThread::read(JournalReader& reader)
{
    const std::uint64_t most = mostTickBytes();
    std::uint64_t bytes = 0;
    while (m_recorder->status() && (m_recovered || !reader.recovered())) {
        const auto record = reader.next();
        if (!record)
            return true;
        m_recorder->apply(*record, reader.journal().producer(), reader.recordPosition());
        bytes += record->size();
        m_takenIn += m_recovered ? 0 : 1;
        if (bytes >= most)
            return false;
    }
    return true;
}

Result<void> WriterThread::commit()
{
    if (!m_recorder->status() || !m_recorder->hasWritten())
        return m_recorder->status();
    const auto positions = savePositions();
    if (!positions)
        return positions.error();
    const auto notice = m_recorder->commit();
    if (!notice)
        return notice.error();
    m_hasCommitted = true;
    m_journals->release(*positions);
    m_index->noteCommit();
    if (*notice)
        announce(**notice);
    return {};
}

void WriterThread::announce(const CommitNotice& notice)
{
    std::function<void(const CommitNotice&)> callback;
    {
        const std::lock_guard lock(m_mutex);
        callback = m_callback;
    }
    if (callback)
        callback(notice);
}

Result<std::map<int, JournalPosition>> WriterThread::savePositions()
{
    auto save = m_database->statement("save_journal_position");
    if (!save)
        return save.error();
    std::map<int, JournalPosition> positions;
    for (JournalReader* const reader : m_journals->readers()) {
        const int producer = reader->producer();
        const JournalPosition position = writtenUpTo(*m_recorder, *reader);
        if (position == reader->released())
            continue;
        auto done = (*save)
                        ->bind(":producer", std::int64_t{producer})
                        .bind(":segment", static_cast<std::int64_t>(position.segment))
                        .bind(":position", static_cast<std::int64_t>(position.offset))
                        .post();
        if (!done)
            return done.error();
        positions.emplace(producer, position);
    }
    return positions;
}

void WriterThread::failed(const Error& error)
{
    if (m_database)
        m_database->rollback();
    if (m_recorder)
        countRefusal(m_recorder->failedCall(), error);
    disconnect();
    m_journals->rewind();
    m_takenIn = 0;
    m_more = false;
    if (m_config.metrics != nullptr)
        m_config.metrics->add(Metric::StoreErrors);
    const bool full = error.code == ErrorCode::Unavailable;
    m_wasFull = full || (m_wasFull && error.code == ErrorCode::Io); // SQLite calls a log that cannot begin that
    if (full && m_ballast.release())
        return; // at once, with the room just won
    const Breaker::State before = m_breaker.state();
    m_breaker.failed(std::chrono::steady_clock::now());
    setState(m_wasFull ? StoreState::DiskFull : StoreState::Broken, error.toString());
    m_condition.breakerMoved(before, m_breaker.state());
    // A value that was refused is not the database's trouble.
    if (isRefusal(error))
        m_condition.letReadersAsk();
}

void WriterThread::countRefusal(CallId call, const Error& error)
{
    if (!isRefusal(error))
        return;        // the database's trouble, not the call's
    m_oneByOne = true; // from the next connection on, which finds out whose it is
    if (call.isNil())
        return;
    if (error.code == ErrorCode::TooLarge)
        m_refusals = kMaxRefusals; // our own, whatever the database would say
    else
        m_refusals = call == m_refusedCall ? m_refusals + 1 : 1;
    m_refusedCall = call;
    m_refusal = error;
}

void WriterThread::succeeded(SteadyPoint began)
{
    if (!m_more) { // else what was refused may be still ahead: each time all is read again that is not released
        m_refusals = 0;
        m_oneByOne = false;
    }
    const Breaker::State before = m_breaker.state();
    const SteadyPoint now = std::chrono::steady_clock::now();
    m_wasFull = m_wasFull && !m_hasCommitted;
    if (m_hasCommitted) // else nothing was asked of the disk
        m_breaker.succeeded(now, std::chrono::duration_cast<std::chrono::milliseconds>(now - began));
    m_condition.breakerMoved(before, m_breaker.state()); // before the state that says readers may ask
    const bool isBehind = m_more && (!m_recovered || m_condition.state() != StoreState::Ok);
    if (m_breaker.state() == Breaker::State::Open)
        setState(StoreState::Slow, {});
    else
        setState(isBehind ? StoreState::Recovering : StoreState::Ok, {});
}

void WriterThread::setState(StoreState state, std::string trouble)
{
    m_condition.set(state, m_budget->backlog.load(std::memory_order_relaxed), std::move(trouble));
}

void WriterThread::silent(std::chrono::milliseconds since)
{
    if (m_config.metrics != nullptr)
        m_config.metrics->add(Metric::StoreErrors);
    setState(StoreState::Broken, silenceText("it", since));
}

} // namespace luthien::store
