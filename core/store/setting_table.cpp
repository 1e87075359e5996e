// SPDX-License-Identifier: Apache-2.0
#include "store/setting_table.h"

#include "store/database.h"

namespace luthien::store {

Result<Settings> readSettings(Database& database)
{
    auto list = database.statement("list_settings");
    if (!list)
        return list.error();
    if (auto done = (*list)->exec(); !done)
        return done.error();
    Settings settings;
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next())
        settings.emplace((*list)->text(0), (*list)->text(1));
    (*list)->finish();
    return row ? Result<Settings>(std::move(settings)) : row.error();
}

Result<void> writeSetting(Database& database, std::string_view key, const std::optional<std::string>& value)
{
    auto write = database.statement(value ? "save_setting" : "delete_setting");
    if (!write)
        return write.error();
    (*write)->bindText(":key", key);
    if (value)
        (*write)->bindText(":value", *value);
    return (*write)->run();
}

} // namespace luthien::store
