// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace luthien::guard {

/// The families of dialects that differ in what is code and what is text. Others read like the nearest: CockroachDB,
/// DuckDB, Redshift and Snowflake like PostgreSQL; MariaDB, ClickHouse, BigQuery and Spark like MySQL.
enum class SqlDialect : std::uint8_t { Postgres, MySql, Sqlite, TSql };
inline constexpr std::size_t kSqlDialectCount = 4;

class SqlDialects
{
public:
    constexpr SqlDialects() = default;
    constexpr SqlDialects(std::initializer_list<SqlDialect> dialects)
    {
        for (const SqlDialect dialect : dialects)
            insert(dialect);
    }
    constexpr void insert(SqlDialect dialect) { m_bits = static_cast<std::uint8_t>(m_bits | bit(dialect)); }
    [[nodiscard]] constexpr bool contains(SqlDialect dialect) const { return (m_bits & bit(dialect)) != 0; }
    bool operator==(const SqlDialects&) const = default;

private:
    static constexpr std::uint8_t bit(SqlDialect dialect)
    {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(dialect));
    }
    std::uint8_t m_bits = 0;
};

struct SqlOptions
{
    SqlClasses classes = kDefaultSqlClasses;
    /// Which databases may receive the text. The detector does not know, so it reads the text the way each would.
    SqlDialects dialects{SqlDialect::Postgres, SqlDialect::MySql, SqlDialect::Sqlite, SqlDialect::TSql};
    std::size_t maxBytes = 1024 * 1024;
};

} // namespace luthien::guard
