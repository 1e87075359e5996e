// SPDX-License-Identifier: Apache-2.0
#include "guard/finding.h"

#include <array>

namespace luthien::guard {

namespace {
constexpr std::array<std::string_view, kSqlClassCount> kNames{
    "drop",        "truncate",    "delete_without_where", "update_without_where",
    "alter_drop",  "replace_all", "privileges",           "dynamic",
    "run_program", "attach",      "writable_schema",      "tool",
    "unparsed",    "too_large"};
} // namespace

std::string_view sqlClassName(SqlClass what) noexcept
{
    return kNames[static_cast<std::size_t>(what)];
}

std::optional<SqlClass> sqlClassFromName(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name)
            return static_cast<SqlClass>(i);
    }
    return std::nullopt;
}

} // namespace luthien::guard
