// SPDX-License-Identifier: Apache-2.0
#include "desktop/runtime_settings.h"

#include "runtime/secrets.h"
#include "store/database.h"
#include "store/instance.h"
#include "store/migrator.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <chrono>
#include <system_error>

namespace luthien::desktop {

using namespace std::chrono_literals;

namespace {
constexpr auto kTrialAnswer = 5s; // for each question, as for the connection

Result<DatabaseFinding> findingOf(store::Database& database)
{
    const auto number = store::schemaNumber(database);
    if (!number)
        return number.error();
    const auto migrations = store::builtInMigrations(database);
    const int newest = migrations.empty() ? 0 : migrations.back().number;
    if (*number > newest)
        return Error{.code = ErrorCode::Unsupported,
                     .message = "Its tables are of version " + std::to_string(*number) +
                                ", of a newer program than this, which knows them up to version " +
                                std::to_string(newest) + ": it would not start with them."};
    return DatabaseFinding{
        .server = database.traits().isShared ? "PostgreSQL" : "SQLite", .schema = *number, .newest = newest};
}
} // namespace

EvidenceSource evidenceSource(const runtime::Runtime& runtime)
{
    const auto read = [&runtime](auto what) {
        return [&runtime, what] {
            const auto reader = runtime.openReader();
            using Answer = decltype(what(**reader));
            return reader ? what(**reader) : Answer(reader.error());
        };
    };
    const auto verify =
        [location = runtime.paths().database()](const store::EvidenceCheck& check) -> Result<store::EvidenceReport> {
        const auto database = store::openToRead(location);
        return database ? store::checkEvidence(**database, check) : database.error();
    };
    return {.head = read([](store::Reader& reader) { return reader.evidenceHead(); }),
            .keyId = read([](store::Reader& reader) { return reader.evidenceKeyId(); }),
            .key = [&runtime] { return runtime.evidenceKey(); },
            .verify = verify};
}

Result<DatabaseFinding> tryDatabase(const std::filesystem::path& directory, const std::string& url)
{
    if (auto checked = store::checkDatabaseUrl(url); !checked)
        return checked.error();
    const auto database = store::Database::open({directory, url}, store::Access::ReadOnly);
    if (!database)
        return database.error();
    (*database)->watch(kTrialAnswer);
    return findingOf(**database);
}

Result<void> makeTables(const std::filesystem::path& directory, const std::string& url)
{
    const auto database = store::Database::open({directory, url}, store::Access::ReadWrite);
    if (!database)
        return database.error();
    return store::migrate(**database, store::builtInMigrations(**database));
}

QStringList secretsCommand(const runtime::Runtime& runtime)
{
    const QString name = QStringLiteral("luthiend");
    const QString beside = QCoreApplication::applicationDirPath() + u'/' + name;
    return {QFileInfo(beside).isExecutable() ? beside : name, QStringLiteral("secret"), QStringLiteral("--data-dir"),
            QString::fromStdString(runtime.paths().dataDirectory.string())};
}

QString storePlace(const store::DatabaseLocation& location)
{
    if (!location.isSqlite())
        return QString::fromStdString(store::describe(location));
    return QString::fromStdString((location.directory / store::Database::kFileName).string());
}

std::optional<std::uint64_t> sizeOnDisk(const store::DatabaseLocation& location)
{
    if (!location.isSqlite())
        return {};
    std::uint64_t bytes = 0;
    for (const char* suffix : {"", "-wal"}) {
        std::error_code missing;
        const auto size = std::filesystem::file_size(
            location.directory / (std::string(store::Database::kFileName) + suffix), missing);
        bytes += missing ? 0 : size;
    }
    return bytes;
}

} // namespace luthien::desktop
