// SPDX-License-Identifier: Apache-2.0
#include "store/instance.h"

#include "base/clock.h"
#include "base/ids.h"
#include "store/database.h"
#include "store/migrator.h"
#include "store/name_file.h"

#include <optional>
#include <string>

namespace luthien::store {

namespace {
constexpr const char* kNameFile = "instance-id";
constexpr std::int64_t kOnlyInstance = 1; // of SQLite
constexpr std::int64_t kNoInstance = 0;

Result<std::string> readOrMakeName(const std::filesystem::path& directory)
{
    const std::filesystem::path file = directory / kNameFile;
    std::string name = readNameFile(file);
    if (!name.empty())
        return name;
    name = CallId::make(SystemClock().now()).toString();
    if (auto written = writeNameFile(file, name); !written)
        return written.error();
    return name;
}

std::string placeOf(const DatabaseLocation& location)
{
    return location.isSqlite() ? (location.directory / Database::kFileName).string() : describe(location);
}

Result<std::int64_t> findInstance(Database& database, const std::filesystem::path& directory)
{
    if (!database.traits().isShared)
        return kOnlyInstance;
    auto find = database.statement("find_instance");
    if (!find)
        return find.error();
    const auto found = (*find)->bindText(":uid", readNameFile(directory / kNameFile)).firstNumber();
    return found ? Result<std::int64_t>(found->value_or(kNoInstance)) : found.error();
}
} // namespace

Result<void> joinInstance(Database& database, const std::filesystem::path& directory)
{
    const auto name = readOrMakeName(directory);
    auto join = database.statement("join_instance");
    if (!name || !join)
        return name ? join.error() : name.error();
    const auto number = (*join)->bindText(":uid", *name).bind(":now", toMicros(SystemClock().now())).firstNumber();
    if (!number)
        return number.error();
    database.setInstance(number->value_or(kNoInstance));
    for (const char* const step : {"lock_instance", "insert_store_state"}) {
        auto statement = database.statement(step);
        if (auto done = statement ? (*statement)->run() : Result<void>(statement.error()); !done)
            return done;
    }
    return {};
}

Result<std::unique_ptr<Database>> openToRead(const DatabaseLocation& location)
{
    auto database = Database::open(location, Access::ReadOnly);
    if (!database)
        return database;
    if (auto known = checkSchema(**database, builtInMigrations(**database)); !known)
        return Error{known.error().code, known.error().message, placeOf(location)};
    const auto instance = findInstance(**database, location.directory);
    if (!instance)
        return instance.error();
    (*database)->setInstance(*instance);
    return database;
}

} // namespace luthien::store
