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

using namespace std::chrono_literals;

namespace {
constexpr std::string_view kSeparator = "\n--;\n";
constexpr auto kStatementLimit = 10min; // some go through every row that was ever recorded

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
                "; use the newer program, or another database",
            "database"};
}

/// Number -> hash of the steps made so far.
Result<std::map<int, std::string>> madeSoFar(Database& database)
{
    std::map<int, std::string> made;
    auto find = database.statement("find_table");
    if (!find)
        return find.error();
    const auto exists = (*find)->bindText(":name", "schema_migration").firstNumber();
    if (!exists)
        return exists.error();
    if (!*exists)
        return made;
    auto list = database.statement("list_migrations");
    if (!list)
        return list.error();
    const auto done = (*list)->each([&](const Statement& row) { made[static_cast<int>(row.number(0))] = row.blob(1); });
    return done ? Result<std::map<int, std::string>>(std::move(made)) : done.error();
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

std::vector<Migration> builtInMigrations(const Database& database)
{
    std::vector<Migration> migrations;
    const QDir folder(QStringLiteral(":/store/migrations/%1").arg(QLatin1String(database.traits().folder)));
    for (const QString& name : folder.entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            migrations.push_back({name.left(4).toInt(), name.toStdString(), file.readAll().toStdString()});
    }
    return migrations;
}

Result<void> migrate(Database& database, const std::vector<Migration>& migrations)
{
    auto lock = database.statement("lock_schema");
    if (auto locked = lock ? (*lock)->run() : Result<void>(lock.error()); !locked)
        return locked;
    auto made = madeSoFar(database);
    if (!made)
        return made.error();
    const int known = migrations.empty() ? 0 : migrations.back().number;
    if (!made->empty() && made->rbegin()->first > known)
        return newerDatabase(made->rbegin()->first, known);
    if (made->empty()) {
        if (auto done =
                database.run(QStringLiteral("CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, "
                                            "name TEXT NOT NULL, hash %1 NOT NULL, applied_us BIGINT NOT NULL)")
                                 .arg(QLatin1String(database.traits().bytesType)));
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
        database.watch(kStatementLimit);
        if (auto done = apply(database, migration); !done) {
            database.rollback();
            return done;
        }
        qCInfo(lcStore, "schema step %s done", migration.name.c_str());
    }
    return {};
}

Result<int> schemaNumber(Database& database)
{
    const auto made = madeSoFar(database);
    if (!made)
        return made.error();
    return made->empty() ? 0 : made->rbegin()->first;
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
    if (found == 0)
        return Error{ErrorCode::NotFound,
                     "nothing was recorded here yet; luthiend serve records, or luthiend migrate makes the tables",
                     "database"};
    if (found < known)
        return Error{ErrorCode::Unsupported,
                     "the database is older than this program; luthiend migrate, or a start, brings it up to date",
                     "database"};
    return {};
}

} // namespace luthien::store
