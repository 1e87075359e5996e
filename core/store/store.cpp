// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include "base/clock.h"
#include "base/ids.h"
#include "base/logging.h"
#include "store/approval_rule_table.h"
#include "store/database.h"
#include "store/evidence_fill.h"
#include "store/instance.h"
#include "store/journal_writer.h"
#include "store/migrator.h"
#include "store/policy_notes.h"
#include "store/writer_thread.h"

#include <map>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kCloseWait = 10s;

Result<void> makeDirectories(const DatabaseLocation& location)
{
    std::error_code failed;
    for (const auto& path : {location.directory, location.journal()}) {
        std::filesystem::create_directories(path, failed);
        if (!failed)
            std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
        if (failed)
            return Error{ErrorCode::Io, "cannot make the data directory: " + failed.message(), path.string()};
    }
    return {};
}

/// SQLite's file must not be readable by others from the first byte on; its side files take over its mode.
void restrictDatabase(const std::filesystem::path& directory)
{
    std::error_code ignored;
    std::filesystem::permissions(directory / Database::kFileName,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
}

Result<std::map<int, JournalPosition>> readPositions(Database& database)
{
    auto list = database.statement("list_journal_positions");
    if (!list)
        return list.error();
    std::map<int, JournalPosition> positions;
    const auto done = (*list)->each([&](const Statement& row) {
        positions[static_cast<int>(row.number(0))] = {static_cast<std::uint64_t>(row.number(1)),
                                                      static_cast<std::uint64_t>(row.number(2)), 0};
    });
    return done ? Result<std::map<int, JournalPosition>>(std::move(positions)) : done.error();
}

/// The database's name for this instance.
Result<std::string> nameDatabase(Database& database)
{
    auto statement = database.statement("name_database");
    if (!statement)
        return statement.error();
    std::string name;
    const auto done = (*statement)
                          ->bindText(":uid", CallId::make(SystemClock().now()).toString())
                          .each([&name](const Statement& row) { name = row.text(0); });
    return done ? Result<std::string>(std::move(name)) : done.error();
}

/// With its tables as this program knows them.
Result<std::unique_ptr<Database>> openUpToDate(const StoreConfig& config)
{
    const DatabaseLocation location = config.location();
    auto database = Database::open(location, Access::ReadWrite);
    if (!database)
        return database.error();
    if (location.isSqlite())
        restrictDatabase(location.directory);
    (*database)->watch(config.answerLimit);
    if (auto done = migrate(**database, builtInMigrations(**database)); !done)
        return done.error();
    (*database)->watch(config.answerLimit);
    return database;
}

Result<std::map<int, JournalPosition>> prepareDatabase(const StoreConfig& config)
{
    const DatabaseLocation location = config.location();
    const auto database = openUpToDate(config);
    if (!database)
        return database.error();
    if (auto joined = joinInstance(**database, location.directory); !joined)
        return joined.error();
    if (auto filled = fillEvidence(**database); !filled)
        return filled.error();
    const auto name = nameDatabase(**database);
    if (!name)
        return name.error();
    if (auto claimed = JournalSet::claim(location.journal(), *name, location.url); !claimed)
        return claimed.error();
    return readPositions(**database);
}
} // namespace

Store::Store(StoreConfig config, std::shared_ptr<JournalBudget> budget)
    : m_config(std::move(config))
    , m_budget(std::move(budget))
    , m_cache(std::make_shared<TextCache>(m_config.cacheBytes, m_config.metrics))
    , m_policyNotes(std::make_unique<PolicyNotes>())
{
}

Result<void> Store::bringUpToDate(const StoreConfig& config)
{
    const auto database = openUpToDate(config);
    return database ? Result<void>() : database.error();
}

Result<std::unique_ptr<Store>> Store::open(StoreConfig config)
{
    if (auto made = makeDirectories(config.location()); !made)
        return made.error();
    auto positions = prepareDatabase(config);
    if (!positions)
        return positions.error();
    const auto budget = std::make_shared<JournalBudget>(config.journalQuota);
    auto journals = JournalSet::open(config.location().journal(), config.segmentBytes, budget, *std::move(positions));
    if (!journals)
        return journals.error();
    std::unique_ptr<Store> store(new Store(std::move(config), budget));
    store->m_writer = std::make_unique<WriterThread>(store->m_config, budget, *std::move(journals));
    auto times = store->m_config.bus;
    times.answer = store->m_config.answerLimit;
    store->m_bus = makeInstanceBus(store->m_config.location(), times, store->m_config.metrics);
    store->onCommit({});
    store->m_writer->start();
    if (auto recovered = store->m_writer->flush(store->m_config.recoveryWait); !recovered)
        qCWarning(lcStore, "what an earlier run left in the journal is still being read");
    return store;
}

Store::~Store()
{
    close();
}

std::unique_ptr<conversation::EventSink> Store::makeSink(int worker)
{
    return std::make_unique<JournalWriter>(m_writer->journal(worker));
}

Result<std::unique_ptr<Reader>> Store::openReader() const
{
    return Reader::open(m_config.location(), m_writer->condition().readersPause(), m_cache);
}

void Store::onCommit(std::function<void(const CommitNotice&)> callback)
{
    const auto tell = [cache = m_cache, callback = std::move(callback)](const CommitNotice& notice) {
        cache->forget(notice.sessions);
        if (callback)
            callback(notice);
    };
    if (!m_bus) {
        m_writer->onCommit(tell);
        return;
    }
    m_bus->listen(tell);
    m_writer->onCommit([this, tell](const CommitNotice& notice) {
        if (notice.instance == 0)
            m_bus->announce(notice);
        tell(notice);
    });
}

void Store::savePolicyBook(PolicyBook book, WriteDone done)
{
    m_writer->write([book = std::move(book)](Database& database) { return writePolicyBook(database, book); },
                    std::move(done));
}

void Store::notePolicyVersions(std::vector<PolicyVersion> versions)
{
    if (m_policyNotes->add(std::move(versions)))
        writePolicyNotes();
}

void Store::notePolicyChanges(std::vector<PolicyChange> changes)
{
    if (m_policyNotes->add(std::move(changes)))
        writePolicyNotes();
}

void Store::writePolicyNotes()
{
    m_writer->write([this](Database& database) { return m_policyNotes->write(database); },
                    [this](const Result<void>& done) { m_policyNotes->wrote(done); }, Errands::Patience::UntilDone);
}

void Store::saveApprovalRule(policy::ApprovalRule rule, WriteDone done)
{
    m_writer->write([rule = std::move(rule)](Database& database) { return writeApprovalRule(database, rule); },
                    std::move(done));
}

void Store::removeApprovalRule(const CallId& id, WriteDone done)
{
    m_writer->write([id](Database& database) { return deleteApprovalRule(database, id); }, std::move(done));
}

void Store::removeSession(std::string id, WriteDone done)
{
    m_writer->writeSession(std::move(id), markSessionRemoved, std::move(done));
}

void Store::markSession(std::string id, SessionMarks marks, WriteDone done)
{
    m_writer->writeSession(
        std::move(id),
        [marks = std::move(marks)](Database& database, std::string_view session) {
            return store::markSession(database, session, marks);
        },
        std::move(done));
}

void Store::setRetention(const Retention& retention)
{
    m_writer->removals().setRetention(retention);
}

Result<void> Store::finishRemovals(std::chrono::milliseconds deadline)
{
    return m_writer->removals().wait(deadline);
}

void Store::setEvidenceKey(std::shared_ptr<const EvidenceKey> key)
{
    m_writer->setEvidenceKey(std::move(key));
}

StoreHealth Store::health() const
{
    StoreHealth health{.state = m_writer->condition().state(),
                       .isRecording = m_budget->hasRoom() && m_budget->hasDisk() && m_budget->isAnswered(),
                       .backlogBytes = journalBacklog(),
                       .reason = m_writer->condition().trouble(),
                       .notRemoved = m_writer->removals().refusals()};
    if (const auto silence = m_budget->silentFor.load(); silence > 0ms) {
        health.state = StoreState::Broken;
        health.reason = silenceText("the journal's disk", silence);
    } else if (!m_budget->hasDisk())
        health.state = StoreState::DiskFull;
    else if (!m_budget->hasRoom())
        health.state = StoreState::JournalFull;
    return health;
}

std::uint64_t Store::journalBacklog() const noexcept
{
    return m_budget->backlog.load(std::memory_order_relaxed);
}

Result<void> Store::flush(std::chrono::milliseconds deadline)
{
    return m_writer->flush(deadline);
}

void Store::close()
{
    if (auto flushed = m_writer->flush(kCloseWait); !flushed && flushed.error().code != ErrorCode::Unavailable)
        qCWarning(lcStore, "%s", flushed.error().toString().c_str());
    if (m_bus)
        m_bus->end(); // what is committed from now on, the others find by themselves
    m_writer->stop();
    m_bus.reset();
}

} // namespace luthien::store
