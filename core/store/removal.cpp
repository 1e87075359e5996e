// SPDX-License-Identifier: Apache-2.0
#include "store/removal.h"

#include "base/logging.h"
#include "store/database.h"
#include "store/rejected_calls.h"
#include "store/search_index.h"

#include <algorithm>
#include <string>
#include <vector>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kBudget = 8ms;             // for the rows of one transaction; its commit comes on top
constexpr std::size_t kMarkedAtOnce = 10; // calls
constexpr auto kAgedInterval = 250ms;     // whoever lists sessions reads them again each time
constexpr std::size_t kMaxAged = 200;
constexpr auto kTraces = static_cast<std::int64_t>(RemnantKind::Traces);
} // namespace

Removal::Removal(Database& database, EvidenceChain& evidence, SearchIndex& search, const Retention& retention,
                 const Clock& clock)
    : m_database(database)
    , m_evidence(evidence)
    , m_search(search)
    , m_retention(retention)
    , m_clock(clock)
    , m_remnants(database, search, m_refused)
    , m_calls(database, evidence, search, m_remnants, m_refused)
{
    look();
}

void Removal::look() noexcept
{
    m_stage = Stage::Rows;
    m_places = {};
}

void Removal::look(const Retention& retention) noexcept
{
    m_retention = retention;
    look();
}

Result<Removal::Step> Removal::step()
{
    Step step;
    Result<bool> more = false;
    switch (m_stage) {
    case Stage::Rows:
        more = inTransaction(step);
        break;
    case Stage::Words:
        more = m_hasRemoved ? m_search.merge() : more;
        break;
    case Stage::Space:
        more = m_hasRemoved ? m_database.giveBackSpace() : more;
        break;
    case Stage::Log:
        if (const auto emptied = m_hasRemoved ? m_database.emptyLog() : true; !emptied)
            more = emptied;
        else if (!*emptied)
            step.progress = Progress::Waiting;
        else if (const auto done = forgetTraces(); !done)
            more = done.error();
        break;
    case Stage::Done:
        break;
    }
    if (!more)
        return more.error();
    if (m_stage == Stage::Done)
        step.progress = Progress::Done;
    else if (!*more && step.progress != Progress::Waiting)
        m_stage = static_cast<Stage>(static_cast<int>(m_stage) + 1);
    return step;
}

Result<bool> Removal::inTransaction(Step& step)
{
    auto done = m_database.begin();
    if (!done)
        return done.error();
    m_evidence.begin();
    m_refused.begin();
    m_sizes = {};
    const Places before = m_places;
    const auto agedBefore = m_aged;
    auto lock = m_database.statement("lock_removal");
    const auto locked = lock ? (*lock)->firstNumber() : lock.error();
    if (locked && !*locked) { // somebody records
        step.progress = Progress::Waiting;
        m_database.rollback();
        return true;
    }
    Forgotten& forgotten = step.forgotten;
    const auto budget = m_refused.isOneByOne() ? 0ms : kBudget;
    auto more = locked ? removeSome(std::chrono::steady_clock::now() + budget, forgotten) : locked.error();
    done = more ? m_sizes.write(m_database) : Result<void>(more.error());
    if (done)
        done = noteTraces(*more);
    if (done && !(forgotten.contents.empty() && forgotten.nodes.empty() && forgotten.sessions.empty())) {
        auto count = m_database.statement("update_removals");
        done = count ? (*count)->run() : count.error();
    }
    auto aged = done ? tellAged(!*more) : done.error();
    done = aged ? m_database.commit() : aged.error();
    if (done) {
        m_refused.committed();
        step.aged = *std::move(aged);
        return more;
    }
    m_database.rollback();
    m_evidence.begin();
    m_places = before;
    m_aged = agedBefore;
    forgotten = {};
    return doWithout(done.error(), step);
}

Result<bool> Removal::doWithout(const Error& error, Step& step)
{
    if (error.code != ErrorCode::InvalidInput)
        return error; // may pass
    const bool wasOneByOne = m_refused.isOneByOne();
    if (m_refused.refused())
        step.refused = Error{error.code, error.toString(), m_refused.current()};
    else if (wasOneByOne)
        return error; // of what has to be done each time
    return true;
}

Result<CommitNotice> Removal::tellAged(bool isLast)
{
    CommitNotice notice;
    const SteadyPoint now = std::chrono::steady_clock::now();
    const bool isDue = isLast || m_aged.size() >= kMaxAged || now - m_agedToldAt >= kAgedInterval;
    if (m_aged.empty() || !isDue)
        return notice;
    auto bump = m_database.statement("update_store_state");
    const auto number = bump ? (*bump)->bind(":new_sessions", std::int64_t{0}).firstNumber() : bump.error();
    if (!number)
        return number.error();
    notice.number = static_cast<std::uint64_t>(number->value_or(0));
    notice.sessions.assign(m_aged.begin(), m_aged.end());
    m_aged.clear();
    m_agedToldAt = now;
    return notice;
}

Result<void> Removal::noteTraces(bool hasRemoved)
{
    auto statement = m_database.statement(hasRemoved ? "insert_remnant" : "get_remnant");
    if (!statement)
        return statement.error();
    (*statement)->bind(":kind", kTraces);
    if (hasRemoved)
        return (*statement)->bind(":id", std::int64_t{0}).run();
    const auto noted = (*statement)->firstNumber();
    m_hasRemoved = noted && *noted;
    return noted ? Result<void>() : noted.error();
}

Result<void> Removal::forgetTraces()
{
    if (!m_hasRemoved)
        return {};
    auto forget = m_database.statement("delete_remnant");
    auto done = forget ? (*forget)->bind(":kind", kTraces).bind(":id", std::int64_t{0}).run() : forget.error();
    m_hasRemoved = !done;
    return done;
}

Result<bool> Removal::removeSome(SteadyPoint until, Forgotten& forgotten)
{
    const bool keepsDaysApart = m_database.traits().keepsDaysApart;
    Result<bool> did = false;
    // Where whole days can be dropped, all that is past its time is marked first.
    if (keepsDaysApart)
        did = markOld(RemovalReason::BodiesRetention, m_places.texts);
    if (did && !*did && keepsDaysApart && !m_places.hasDroppedDays && !m_refused.has(RefusedRemovals::Kind::Days, 0))
        did = dropDays();
    if (did && !*did)
        did = m_calls.advance(until, forgotten);
    if (did && !*did)
        did = m_remnants.sweep(until, m_sizes, forgotten);
    if (did && !*did)
        did = markDeleted();
    if (did && !*did)
        did = markOld(RemovalReason::MetadataRetention, m_places.old);
    if (did && !*did && !keepsDaysApart)
        did = markOld(RemovalReason::BodiesRetention, m_places.texts);
    if (did && !*did)
        did = removeSession(forgotten);
    return did;
}

std::size_t Removal::markedAtOnce() const
{
    return m_refused.isOneByOne() ? 1 : kMarkedAtOnce;
}

Result<bool> Removal::markDeleted()
{
    auto list = m_database.statement("list_calls_of_removed_sessions");
    if (!list)
        return list.error();
    std::vector<CallRef> calls;
    const std::int64_t limit = std::int64_t{kMarkedAtOnce} + m_refused.count();
    const auto listed = (*list)->bind(":limit", limit).each([&](const Statement& row) {
        if (calls.size() < markedAtOnce() && !m_refused.has(RefusedRemovals::Kind::Mark, row.number(0)))
            calls.push_back({row.number(0), row.number(1)});
    });
    if (!listed || calls.empty())
        return listed ? Result<bool>(false) : listed.error();
    m_refused.isAbout(RefusedRemovals::Kind::Mark, calls.front().row);
    const auto marked = m_calls.mark(RemovalReason::Person, calls, m_sizes);
    return marked ? Result<bool>(true) : marked.error();
}

std::optional<TimePoint> Removal::limit(RemovalReason reason) const
{
    auto age = m_retention.metadata;
    if (reason == RemovalReason::BodiesRetention && m_retention.bodies)
        age = age ? std::min(*age, *m_retention.bodies) : m_retention.bodies;
    if (!age)
        return std::nullopt;
    const TimePoint moment = m_clock.now() - *age;
    // Where days are dropped, texts go by whole days.
    return reason == RemovalReason::BodiesRetention && m_database.traits().keepsDaysApart
               ? std::chrono::floor<std::chrono::days>(moment)
               : moment;
}

Result<bool> Removal::markOld(RemovalReason reason, Cursor& place)
{
    const auto before = limit(reason);
    if (!before)
        return false;
    auto list = m_database.statement(reason == RemovalReason::BodiesRetention ? "list_whole_calls_past_keeping"
                                                                              : "list_calls_past_keeping");
    auto count = m_database.statement("update_session_count");
    if (!list || !count)
        return list ? count.error() : list.error();
    (*list)->bind(":micros", place.micros).bind(":row", place.row).bind(":before", toMicros(*before));
    std::vector<CallRef> calls;
    const Cursor from = place;
    const auto limit = static_cast<std::int64_t>(markedAtOnce());
    const auto listed = (*list)->bind(":limit", limit).each([&](const Statement& row) {
        place = {row.number(2), row.number(0)};
        if (m_refused.has(RefusedRemovals::Kind::Mark, row.number(0)))
            return;
        calls.push_back({row.number(0), row.number(1)});
        m_aged.insert(row.text(3));
    });
    if (!listed || calls.empty())
        return listed ? Result<bool>(place != from) : listed.error();
    m_refused.isAbout(RefusedRemovals::Kind::Mark, calls.front().row);
    const auto emptied = m_calls.mark(reason, calls, m_sizes);
    if (!emptied)
        return emptied.error();
    if (*emptied == 0)
        return true;
    const auto counted = (*count)->bind(":new_sessions", -*emptied).run();
    return counted ? Result<bool>(true) : counted.error();
}

Result<bool> Removal::dropDays()
{
    m_places.hasDroppedDays = true;
    m_refused.isAbout(RefusedRemovals::Kind::Days, 0);
    const auto before = limit(RemovalReason::BodiesRetention);
    auto drop = m_database.statement("drop_block_days");
    if (!before || !drop)
        return drop ? Result<bool>(false) : drop.error();
    const auto dropped = (*drop)->bind(":before", toMicros(*before)).firstNumber();
    if (!dropped)
        return dropped.error();
    if (dropped->value_or(0) > 0)
        qCInfo(lcStore, "dropped %lld days of events that are past their time",
               static_cast<long long>(dropped->value_or(0)));
    return true;
}

Result<bool> Removal::removeSession(Forgotten& forgotten)
{
    auto list = m_database.statement("list_emptied_sessions");
    if (!list)
        return list.error();
    std::int64_t session = 0; // none
    std::string id;
    const auto listed = (*list)->bind(":limit", m_refused.count() + 1).each([&](const Statement& row) {
        if (session != 0 || m_refused.has(RefusedRemovals::Kind::Session, row.number(0)))
            return;
        session = row.number(0);
        id = row.text(1);
    });
    if (!listed || session == 0)
        return listed ? Result<bool>(false) : listed.error();
    m_refused.isAbout(RefusedRemovals::Kind::Session, session);
    if (auto done = removeRejectedStrays(m_database, id); !done)
        return done.error();
    for (const char* query : {"delete_session_agents", "delete_session_models", "delete_session"}) {
        auto remove = m_database.statement(query);
        if (auto done = remove ? (*remove)->bind(":session", session).run() : remove.error(); !done)
            return done.error();
    }
    forgotten.sessions.push_back(session);
    return true;
}

} // namespace luthien::store
