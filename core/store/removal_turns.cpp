// SPDX-License-Identifier: Apache-2.0
#include "store/removal_turns.h"

#include "base/logging.h"
#include "store/call_recorder.h"
#include "store/store.h"

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kInterval = 10min; // between two looks at what is past its time
constexpr auto kPause = 5s;       // after a failure
constexpr auto kLogPause = 100ms; // while a reader keeps the log
} // namespace

void RemovalRounds::want()
{
    const std::lock_guard lock(m_mutex);
    ++m_wanted;
}

void RemovalRounds::setRetention(const Retention& retention)
{
    const std::lock_guard lock(m_mutex);
    if (m_retention == retention)
        return;
    m_retention = retention;
    ++m_wanted;
}

Retention RemovalRounds::retention() const
{
    const std::lock_guard lock(m_mutex);
    return m_retention;
}

Result<void> RemovalRounds::wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t wanted = ++m_wanted;
    const bool isOver = m_over.wait_for(lock, limit, [&] { return m_done >= wanted; });
    if (isOver)
        return m_refusals.empty() ? Result<void>() : Error{ErrorCode::InvalidInput, refusalText(), "store"};
    return Error{ErrorCode::Timeout, "not everything that is to be removed is gone yet; it goes on by itself", "store"};
}

std::uint64_t RemovalRounds::wanted() const
{
    const std::lock_guard lock(m_mutex);
    return m_wanted;
}

bool RemovalRounds::isWanted() const
{
    const std::lock_guard lock(m_mutex);
    return m_wanted != m_done;
}

void RemovalRounds::finished(std::uint64_t rounds)
{
    const std::lock_guard lock(m_mutex);
    m_done = rounds;
    m_over.notify_all();
}

bool RemovalRounds::refused(const std::string& what)
{
    const std::lock_guard lock(m_mutex);
    return m_refusals.insert(what).second;
}

void RemovalRounds::forgetRefusals()
{
    const std::lock_guard lock(m_mutex);
    m_refusals.clear();
}

std::string RemovalRounds::refusals() const
{
    const std::lock_guard lock(m_mutex);
    return refusalText();
}

std::string RemovalRounds::refusalText() const
{
    if (m_refusals.empty())
        return {};
    return "Not all that was removed is gone: the database refuses " + std::to_string(m_refusals.size()) +
           " of the steps (" + *m_refusals.begin() + ").";
}

RemovalTurns::RemovalTurns(Database& database, EvidenceChain& evidence, CallRecorder& recorder,
                           const StoreConfig& config, RemovalRounds& rounds,
                           std::function<void(const CommitNotice&)> tell)
    : m_search(database, config.readTexts)
    , m_removal(database, evidence, m_search, config.retention, config.clock != nullptr ? *config.clock : m_systemClock)
    , m_abandoned(database, evidence, config, config.clock != nullptr ? *config.clock : m_systemClock)
    , m_recorder(recorder)
    , m_rounds(rounds)
    , m_tell(std::move(tell))
{
    m_rounds.forgetRefusals();
}

void RemovalTurns::take(SteadyPoint now, const std::vector<JournalReader*>& journals)
{
    if (now < m_notBefore)
        return;
    if (m_rounds.isWanted() ? !m_isRunning || m_round != m_rounds.wanted() : !m_isRunning && now >= m_dueAt)
        beginRound(journals);
    m_waitsForJournals = m_isRunning && !havePassed(journals);
    if (!m_isRunning || m_waitsForJournals)
        return;
    const auto step = this->step();
    if (!step) {
        report(step.error(), "removal waits");
        m_notBefore = now + kPause;
        return;
    }
    if (step->refused)
        report(*step->refused, "the database does not let go what was removed");
    m_recorder.forget(step->forgotten);
    if (!step->aged.sessions.empty())
        m_tell(step->aged);
    if (step->progress == Removal::Progress::Waiting)
        m_notBefore = now + kLogPause;
    else if (step->progress == Removal::Progress::Done)
        endRound(now, journals);
}

Result<Removal::Step> RemovalTurns::step()
{
    if (m_isOwnDone)
        return m_abandoned.step();
    auto step = m_removal.step();
    if (!step || step->progress != Removal::Progress::Done)
        return step;
    if (auto looked = m_abandoned.look(m_rounds.retention()); !looked)
        return looked.error();
    m_isOwnDone = true;
    step->progress = Removal::Progress::Busy;
    return step;
}

void RemovalTurns::report(const Error& error, const char* consequence)
{
    const std::string text = error.toString();
    // What is refused is refused each time, and everybody can read of it; the rest may pass.
    if (error.code != ErrorCode::InvalidInput || m_rounds.refused(text))
        qCWarning(lcStore, "%s: %s", consequence, text.c_str());
}

void RemovalTurns::beginRound(const std::vector<JournalReader*>& journals)
{
    m_isRunning = true;
    m_isOwnDone = false;
    m_round = m_rounds.wanted();
    m_journals.clear();
    for (const JournalReader* const reader : journals)
        m_journals.emplace(reader->producer(), reader->position());
    m_removal.look(m_rounds.retention());
}

bool RemovalTurns::havePassed(const std::vector<JournalReader*>& journals) const
{
    for (const JournalReader* const reader : journals) {
        const auto begin = m_journals.find(reader->producer());
        if (begin != m_journals.end() && reader->released() < begin->second)
            return false;
    }
    return true;
}

void RemovalTurns::endRound(SteadyPoint now, const std::vector<JournalReader*>& journals)
{
    for (JournalReader* const reader : journals) {
        if (const auto begin = m_journals.find(reader->producer()); begin != m_journals.end())
            reader->erase(begin->second);
    }
    m_isRunning = false;
    m_dueAt = now + kInterval;
    m_rounds.finished(m_round);
}

} // namespace luthien::store
