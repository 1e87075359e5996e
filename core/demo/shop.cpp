// SPDX-License-Identifier: Apache-2.0
#include "demo/shop.h"

#include "base/sha256.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace luthien::demo {

namespace {
constexpr std::array<const char*, 3> kTables{"customers", "orders", "inventory"};
constexpr std::size_t kMaxOutputBytes = 16 * 1024;
constexpr int kProgressSteps = 1'000'000; ///< virtual machine steps until a statement is ended

/// Recursive counters instead of stored rows: the same rows each time.
constexpr const char* kSchema = R"(
BEGIN;
CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, city TEXT NOT NULL);
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id),
                    item_id INTEGER NOT NULL, quantity INTEGER NOT NULL, ordered_on TEXT NOT NULL);
CREATE TABLE inventory(id INTEGER PRIMARY KEY, item TEXT NOT NULL, price_cents INTEGER NOT NULL, stock INTEGER NOT NULL);
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 240)
INSERT INTO customers SELECT i, first || ' ' || last, lower(first) || '.' || lower(last) || i || '@example.com', city
FROM (SELECT i,
  CASE i % 8 WHEN 0 THEN 'Ada' WHEN 1 THEN 'Bilbo' WHEN 2 THEN 'Chidi' WHEN 3 THEN 'Dana' WHEN 4 THEN 'Emeka'
             WHEN 5 THEN 'Freya' WHEN 6 THEN 'Goro' ELSE 'Hana' END AS first,
  CASE i % 7 WHEN 0 THEN 'Quill' WHEN 1 THEN 'Reyes' WHEN 2 THEN 'Sato' WHEN 3 THEN 'Tuck' WHEN 4 THEN 'Umar'
             WHEN 5 THEN 'Vance' ELSE 'Weiss' END AS last,
  CASE i % 5 WHEN 0 THEN 'Bergen' WHEN 1 THEN 'Kyoto' WHEN 2 THEN 'Lagos' WHEN 3 THEN 'Leeds' ELSE 'Lima' END AS city
  FROM n);
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO inventory SELECT i, printf('item %03d', i), 199 + (i * 37) % 5000, (i * 13) % 90 FROM n;
WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 600)
INSERT INTO orders SELECT i, 1 + (i * 17) % 240, 1 + (i * 29) % 120, 1 + i % 4, date('2026-01-01', '+' || (i % 300) || ' days')
FROM n;
COMMIT;
)";

struct Finalize
{
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// The tool is for this one file: nothing is attached, loaded or configured.
int authorize(void*, int action, const char*, const char*, const char*, const char*)
{
    return action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_PRAGMA ? SQLITE_DENY : SQLITE_OK;
}

int endIt(void*)
{
    return 1;
}

Error said(sqlite3* database, ErrorCode code)
{
    return {.code = code, .message = sqlite3_errmsg(database)};
}

std::string rowText(sqlite3_stmt* statement)
{
    std::string text;
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        const auto* value = static_cast<const char*>(sqlite3_column_blob(statement, column)); // sets the byte count
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        if (column > 0)
            text += '|';
        text.append(value == nullptr ? "" : value, value == nullptr ? 0 : size);
    }
    return text + '\n';
}

/// Calls takeRow for each row. Errors: InvalidInput.
template <typename TakeRow>
Result<void> forEachRow(sqlite3* database, sqlite3_stmt* statement, TakeRow takeRow)
{
    for (;;) {
        const int state = sqlite3_step(statement);
        if (state == SQLITE_DONE)
            return {};
        if (state != SQLITE_ROW)
            return said(database, ErrorCode::InvalidInput);
        takeRow(rowText(statement));
    }
}
} // namespace

const TableState* ShopState::find(std::string_view name) const noexcept
{
    const auto found = std::ranges::find(tables, name, &TableState::name);
    return found == tables.end() ? nullptr : &*found;
}

void Shop::Close::operator()(sqlite3* database) const noexcept
{
    sqlite3_close(database);
}

Result<Shop> Shop::make(const std::filesystem::path& directory)
{
    const std::filesystem::path file = directory / kFileName;
    std::error_code failure;
    std::filesystem::create_directories(directory, failure);
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
        std::filesystem::remove(file.string() + suffix, failure);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
    Shop shop(opened);
    if (code != SQLITE_OK || sqlite3_exec(opened, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) {
        Error error = said(opened, ErrorCode::Io);
        error.context = file.string();
        return error;
    }
    sqlite3_set_authorizer(opened, authorize, nullptr);
    return shop;
}

Result<std::string> Shop::run(const std::string& sql)
{
    std::string output;
    const char* rest = sql.c_str();
    while (*rest != '\0') {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v2(m_database.get(), rest, -1, &prepared, &rest) != SQLITE_OK)
            return said(m_database.get(), ErrorCode::InvalidInput);
        const Statement statement(prepared);
        if (statement == nullptr)
            continue; // blanks or a comment
        sqlite3_progress_handler(m_database.get(), kProgressSteps, endIt, nullptr);
        const auto ran = forEachRow(m_database.get(), statement.get(), [&output](const std::string& row) {
            if (output.size() + row.size() <= kMaxOutputBytes)
                output += row;
        });
        if (!ran)
            return ran.error();
    }
    return output;
}

Result<TableState> Shop::surveyTable(std::string name)
{
    TableState state{.name = std::move(name)};
    sqlite3_stmt* prepared = nullptr;
    const std::string known = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '" + state.name + "'";
    if (sqlite3_prepare_v2(m_database.get(), known.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
        return said(m_database.get(), ErrorCode::Io);
    const Statement schema(prepared);
    if (sqlite3_step(schema.get()) != SQLITE_ROW)
        return state;
    state.exists = true;
    const std::string all = "SELECT * FROM " + state.name + " ORDER BY id";
    if (sqlite3_prepare_v2(m_database.get(), all.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
        return said(m_database.get(), ErrorCode::Io);
    const Statement rows(prepared);
    Sha256 hash;
    const auto read = forEachRow(m_database.get(), rows.get(), [&](const std::string& row) {
        hash.add(row);
        ++state.rows;
    });
    if (!read)
        return read.error();
    state.sha256 = toHex(hash.finish());
    return state;
}

Result<ShopState> Shop::survey()
{
    ShopState state;
    for (const char* name : kTables) {
        auto table = surveyTable(name);
        if (!table)
            return table.error();
        state.tables.push_back(*std::move(table));
    }
    return state;
}

} // namespace luthien::demo
