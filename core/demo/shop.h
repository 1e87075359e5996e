// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace luthien::demo {

/// One table as it was found.
struct TableState
{
    std::string name;
    bool exists = false;
    std::int64_t rows = 0;
    std::string sha256; ///< over all rows in the order of their keys; empty = there is no such table

    bool operator==(const TableState&) const = default;
};

/// The shop's tables, always the same three in the same order.
struct ShopState
{
    std::vector<TableState> tables;

    /// Null for a name that is none of the three.
    [[nodiscard]] const TableState* find(std::string_view name) const noexcept;
    bool operator==(const ShopState&) const = default;
};

/// A shop's database: customers, orders and inventory in a SQLite file. Its rows are the same each time it is made.
/// Thread: one at a time.
class Shop
{
public:
    static constexpr const char* kFileName = "shop.db";

    /// Makes directory/shop.db anew. Errors: Io.
    [[nodiscard]] static Result<Shop> make(const std::filesystem::path& directory);

    /// Runs statements for real and returns their rows as the sqlite3 shell prints them, at most 16 KiB. Other files
    /// cannot be reached, and a statement that takes too long is ended. Errors: InvalidInput with what SQLite says.
    [[nodiscard]] Result<std::string> run(const std::string& sql);
    /// Errors: Io.
    [[nodiscard]] Result<ShopState> survey();

private:
    struct Close
    {
        void operator()(sqlite3* database) const noexcept;
    };
    explicit Shop(sqlite3* database)
        : m_database(database)
    {
    }
    [[nodiscard]] Result<TableState> surveyTable(std::string name);

    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace luthien::demo
