// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_bus.h"

#include "base/logging.h"
#include "store/database.h"
#include "store/instance.h"

#include <algorithm>
#include <array>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr const char* kChannel = "luthien_commits";
constexpr std::size_t kMaxPendingCalls = 4096;
constexpr std::int64_t kCallsPerNotice = 500;
/// Commits, or links of the chain, that come within the time between two looks; more of them are looked for.
constexpr std::int64_t kMostAhead = 10'000;
constexpr auto kBetweenLooks = 100ms; // whoever may send notices must not make this one do nothing else
constexpr Backoff::Limits kPauses{.first = 100ms, .most = 5000ms};

std::chrono::milliseconds until(SteadyPoint moment)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(moment - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
}

/// The columns uid, session_uid, status, next_seq from 1 on.
TouchedCall callFrom(const Statement& row)
{
    const auto next = static_cast<std::uint32_t>(row.number(4));
    return {.id = row.id(1),
            .session = row.text(2),
            .lastSeq = next == 0 ? 0 : next - 1,
            .hasEvents = next != 0,
            .status = static_cast<conversation::CallStatus>(row.number(3))};
}
} // namespace

PostgresBus::PostgresBus(DatabaseLocation location, const BusTimes& times, Metrics* metrics)
    : m_location(std::move(location))
    , m_times(times)
    , m_metrics(metrics)
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_backoff(kPauses)
{
    setObjectName(QStringLiteral("instance bus"));
    start();
}

PostgresBus::~PostgresBus()
{
    end();
    join();
    ::close(m_wake);
}

void PostgresBus::end() noexcept
{
    m_isEnding = true;
    wake();
    const std::lock_guard lock(m_mutex);
    if (m_watched != nullptr)
        m_watched->watch(std::min(m_times.answer, kLastAnswer));
}

void PostgresBus::announce(const CommitNotice& notice)
{
    if (notice.calls.empty() && notice.sessions.empty())
        return;
    const std::lock_guard lock(m_mutex);
    // A gap in the numbers tells the others that they have missed something.
    if (m_pending && m_pending->notice.calls.size() + notice.calls.size() > kMaxPendingCalls)
        m_pending.reset();
    if (m_pending)
        m_pending->add(notice);
    else
        m_pending = CommitHint{.first = notice.number, .notice = notice};
    wake();
}

void PostgresBus::listen(std::function<void(const CommitNotice&)> heard)
{
    const std::lock_guard lock(m_mutex);
    m_heard = std::move(heard);
}

void PostgresBus::wake() const noexcept
{
    ::eventfd_write(m_wake, 1);
}

void PostgresBus::waitFor(std::chrono::milliseconds atMost) const
{
    pollfd ready{.fd = m_wake, .events = POLLIN, .revents = 0};
    const SteadyPoint end = std::chrono::steady_clock::now() + atMost;
    while (!m_isEnding && until(end) > 0ms) {
        ::poll(&ready, 1, static_cast<int>(until(end).count()));
        eventfd_t ignored;
        ::eventfd_read(m_wake, &ignored); // something to tell has to wait, too
    }
}

void PostgresBus::work()
{
    bool wasLost = false;
    while (!m_isEnding) {
        auto done = m_database ? Result<void>() : connect();
        if (done)
            done = serve();
        if (done) {
            wasLost = false;
            continue;
        }
        if (!wasLost)
            qCWarning(lcStore, "the other instances are not heard: %s", done.error().toString().c_str());
        wasLost = true;
        disconnect();
        waitFor(m_backoff.next());
    }
    if (m_database && !tell())
        qCDebug(lcStore, "the other instances will find the last commits by themselves");
    disconnect();
}

void PostgresBus::disconnect()
{
    {
        const std::lock_guard lock(m_mutex);
        m_watched = nullptr;
    }
    m_database.reset();
}

Result<void> PostgresBus::connect()
{
    auto database = openToRead(m_location);
    if (!database)
        return database.error();
    m_database = *std::move(database);
    {
        const std::lock_guard lock(m_mutex);
        m_watched = m_database.get();
        m_watched->watch(m_isEnding ? std::min(m_times.answer, kLastAnswer) : m_times.answer);
    }
    // What is told is written nowhere: it need not wait for the disk.
    for (const QString& sql :
         {QStringLiteral("SET application_name = 'luthien bus'"), QStringLiteral("SET synchronous_commit = off"),
          QStringLiteral("LISTEN ") + QLatin1String(kChannel)}) {
        if (auto done = m_database->run(sql); !done)
            return done;
    }
    m_instance = m_database->instance();
    count(Metric::BusConnections);
    if (auto looked = look(true); !looked)
        return looked;
    m_backoff.reset();
    return {};
}

Result<void> PostgresBus::serve()
{
    bool isPending = false;
    {
        const std::lock_guard lock(m_mutex);
        isPending = m_pending.has_value();
    }
    const auto texts = m_database->awaitNotices(m_wake, until(isPending ? std::min(m_tellAt, m_lookAt) : m_lookAt));
    if (!texts)
        return texts.error();
    for (const std::string& text : *texts) {
        if (auto heard = hear(text); !heard)
            return heard;
    }
    eventfd_t ignored;
    ::eventfd_read(m_wake, &ignored);
    if (until(m_tellAt) == 0ms) {
        if (auto told = tell(); !told)
            return told;
    }
    return until(m_lookAt) == 0ms ? look(m_looksAnew) : Result<void>();
}

Result<void> PostgresBus::tell()
{
    std::optional<CommitHint> hint;
    {
        const std::lock_guard lock(m_mutex);
        hint.swap(m_pending);
    }
    if (!hint)
        return {};
    m_tellAt = std::chrono::steady_clock::now() + m_times.gather;
    hint->notice.instance = m_instance;
    auto done = m_database->begin();
    if (done)
        done = m_database->notify(kChannel, encodeHint(*hint));
    if (done)
        done = m_database->commit();
    if (done)
        count(Metric::BusCommitsAnnounced);
    return done;
}

Result<void> PostgresBus::hear(const std::string& text)
{
    auto hint = decodeHint(text);
    if (!hint || hint->notice.instance == m_instance)
        return {};
    // A new instance, or something was missed, or it is made up, as whoever may connect can do: how far the others are
    // stands in the database, which is never behind what they tell.
    if (!follows(*hint) && std::chrono::steady_clock::now() - m_lookedAt < kBetweenLooks) {
        m_looksAnew = true;
        m_lookAt = std::min(m_lookAt, m_lookedAt + kBetweenLooks);
        return {};
    }
    if (!follows(*hint)) {
        if (auto done = look(true); !done)
            return done;
    }
    if (!follows(*hint))
        return {};
    Other& other = m_others.at(hint->notice.instance);
    other.commit = std::max(other.commit, hint->notice.number);
    other.evidence = std::max(other.evidence, hint->notice.evidenceHead);
    hint->notice.number = other.commit; // what was looked up told of it already
    count(Metric::BusCommitsHeard);
    deliver(hint->notice);
    return {};
}

bool PostgresBus::follows(const CommitHint& hint) const
{
    const auto known = m_others.find(hint.notice.instance);
    if (known == m_others.end())
        return false;
    const Other& other = known->second;
    return hint.first <= other.commit + 1 &&
           hint.notice.number <= other.seen.commit + static_cast<std::uint64_t>(kMostAhead) &&
           hint.notice.evidenceHead <= other.seen.evidence + kMostAhead;
}

Result<void> PostgresBus::look(bool anew)
{
    m_lookedAt = std::chrono::steady_clock::now();
    m_lookAt = m_lookedAt + m_times.look;
    m_looksAnew = false;
    auto list = m_database->statement("list_other_instances");
    if (!list)
        return list.error();
    std::vector<Seen> all;
    const auto listed = (*list)->each([&](const Statement& row) {
        all.push_back({row.number(0), static_cast<std::uint64_t>(row.number(1)), row.number(2)});
    });
    if (!listed)
        return listed.error();
    for (const Seen& seen : all) {
        if (auto done = look(seen, anew); !done)
            return done;
    }
    m_knowsOthers = true;
    return {};
}

Result<void> PostgresBus::look(const Seen& seen, bool anew)
{
    const auto [place, isNew] = m_others.try_emplace(seen.instance);
    Other& other = place->second;
    // What was there before this one came is nobody's news; nor is it if a database was put back to an older state.
    const bool isKnown = (isNew && !m_knowsOthers) || seen.commit < other.seen.commit;
    if (isKnown)
        other = {.commit = seen.commit, .evidence = seen.evidence, .seen = seen};
    // A hint told of what was never committed: what is true was seen.
    const bool wasMadeUp = seen.commit < other.commit || seen.evidence < other.evidence;
    if (wasMadeUp)
        other = {.commit = other.seen.commit, .evidence = other.seen.evidence, .seen = other.seen};
    // A hint may still be under way, but not for as long as between two looks.
    const std::uint64_t expected = anew || wasMadeUp ? seen.commit : other.seen.commit;
    other.seen = seen;
    return expected > other.commit ? catchUp(seen.instance, other, expected) : Result<void>();
}

Result<void> PostgresBus::catchUp(std::int64_t instance, Other& other, std::uint64_t number)
{
    std::int64_t evidence = other.evidence;
    for (const char* const query : {"list_ended_calls", "list_open_calls_of"}) {
        auto list = m_database->statement(query);
        if (!list)
            return list.error();
        const bool isOver = query == std::string_view("list_ended_calls");
        std::int64_t after = isOver ? other.evidence : 0;
        CommitNotice notice{.number = number, .instance = instance};
        do {
            notice.calls.clear();
            (*list)->bind(":of", instance).bind(":after", after).bind(":limit", kCallsPerNotice);
            const auto listed = (*list)->each([&](const Statement& row) {
                after = row.number(0);
                notice.calls.push_back(callFrom(row));
            });
            if (!listed)
                return listed;
            if (!notice.calls.empty())
                deliver(notice);
        } while (std::ssize(notice.calls) == kCallsPerNotice && !m_isEnding);
        evidence = isOver ? after : evidence;
    }
    other.commit = number;
    other.evidence = evidence;
    count(Metric::BusCatchUps);
    return {};
}

void PostgresBus::deliver(const CommitNotice& notice)
{
    std::function<void(const CommitNotice&)> heard;
    {
        const std::lock_guard lock(m_mutex);
        heard = m_heard;
    }
    if (heard)
        heard(notice);
}

void PostgresBus::count(Metric metric) noexcept
{
    if (m_metrics != nullptr)
        m_metrics->add(metric);
}

std::unique_ptr<InstanceBus> makeInstanceBus(const DatabaseLocation& location, const BusTimes& times, Metrics* metrics)
{
    if (location.isSqlite())
        return nullptr;
    return std::make_unique<PostgresBus>(location, times, metrics);
}

} // namespace luthien::store
