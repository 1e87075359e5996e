// SPDX-License-Identifier: Apache-2.0
#include "store/migrator.h"

#include "base/clock.h"
#include "base/logging.h"
#include "base/sha256.h"
#include "store/database.h"

#include <QDir>
#include <QFile>

#include <map>

namespace luthien::store {

namespace {
constexpr const char* kFolder = ":/store/migrations/sqlite";
constexpr std::string_view kSeparator = "\n--;\n";

std::vector<std::string_view> statementsOf(std::string_view sql)
{
    std::vector<std::string_view> statements;
    while (true) {
        const std::size_t end = sql.find(kSeparator);
        statements.push_back(sql.substr(0, end));
        if (end == std::string_view::npos)
            return statements;
        sql.remove_prefix(end + kSeparator.size());
    }
}

Error newerDatabase(int found, int known)
{
    return {ErrorCode::Unsupported,
            "the database is at schema " + std::to_string(found) + ", this program knows " + std::to_string(known) +
                "; use the newer program, or another data directory",
            Database::kFileName};
}

/// Number -> hash of the steps made so far.
Result<std::map<int, std::string>> madeSoFar(Database& database)
{
    std::map<int, std::string> made;
    const auto exists = database.number(
        QStringLiteral("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'"));
    if (!exists)
        return exists.error();
    if (!*exists)
        return made;
    auto list = database.statement("list_migrations");
    if (!list)
        return list.error();
    if (auto done = (*list)->exec(); !done)
        return done.error();
    while (true) {
        const auto row = (*list)->next();
        if (!row)
            return row.error();
        if (!*row)
            break;
        made[static_cast<int>((*list)->number(0))] = (*list)->blob(1);
    }
    (*list)->finish();
    return made;
}

Result<void> apply(Database& database, const Migration& migration)
{
    if (auto begun = database.begin(); !begun)
        return begun;
    for (const std::string_view sql : statementsOf(migration.sql)) {
        if (auto done = database.run(QString::fromUtf8(sql.data(), static_cast<qsizetype>(sql.size()))); !done)
            return done;
    }
    auto record = database.statement("insert_migration");
    if (!record)
        return record.error();
    const Digest hash = Sha256::of(migration.sql);
    (*record)
        ->bind(":number", std::int64_t{migration.number})
        .bindText(":name", migration.name)
        .bindBlob(":hash", asBytes(hash))
        .bind(":applied", toMicros(SystemClock().now()));
    if (auto done = (*record)->run(); !done)
        return done;
    return database.commit();
}
} // namespace

std::vector<Migration> builtInMigrations()
{
    std::vector<Migration> migrations;
    const QDir folder{QLatin1String(kFolder)};
    for (const QString& name : folder.entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            migrations.push_back({name.left(4).toInt(), name.toStdString(), file.readAll().toStdString()});
    }
    return migrations;
}

Result<void> migrate(Database& database, const std::vector<Migration>& migrations)
{
    auto made = madeSoFar(database);
    if (!made)
        return made.error();
    const int known = migrations.empty() ? 0 : migrations.back().number;
    if (!made->empty() && made->rbegin()->first > known)
        return newerDatabase(made->rbegin()->first, known);
    if (made->empty()) {
        if (auto done = database.run(QStringLiteral(
                "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                "hash BLOB NOT NULL, applied_us INTEGER NOT NULL)"));
            !done)
            return done;
    }
    for (const Migration& migration : migrations) {
        if (const auto found = made->find(migration.number); found != made->end()) {
            if (found->second != asBytes(Sha256::of(migration.sql)))
                return Error{ErrorCode::Conflict, "the database was made by another build of this step",
                             migration.name};
            continue;
        }
        if (auto done = apply(database, migration); !done) {
            database.rollback();
            return done;
        }
        qCInfo(lcStore, "schema step %s done", migration.name.c_str());
    }
    return {};
}

Result<void> checkSchema(Database& database, const std::vector<Migration>& migrations)
{
    const auto made = madeSoFar(database);
    if (!made)
        return made.error();
    const int known = migrations.empty() ? 0 : migrations.back().number;
    const int found = made->empty() ? 0 : made->rbegin()->first;
    if (found > known)
        return newerDatabase(found, known);
    if (found < known)
        return Error{ErrorCode::Unsupported,
                     "the database is older than this program; start it once to bring it up to date",
                     Database::kFileName};
    return {};
}

} // namespace luthien::store
